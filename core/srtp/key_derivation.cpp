// AES-CTR as the pseudo-random function.
#include "core/srtp/key_derivation.hpp"

#include <algorithm>
#include <memory>

#include <openssl/evp.h>

namespace cardea::srtp {

namespace {

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

/// Writes the key stream for `label` to `out`.
bool derive(Bytes key, Bytes salt, std::uint8_t label, MutableBytes out) {
  // IV = (salt XOR label * 2^48) * 2^16; a GCM salt is shorter and filled up with zeros.
  std::array<std::uint8_t, 16> iv{};
  std::copy(salt.begin(), salt.end(), iv.begin());
  iv[7] ^= label;
  const EVP_CIPHER* cipher = key.size() == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr();
  const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(EVP_CIPHER_CTX_new());
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  int written = 0;
  return context &&
         EVP_EncryptInit_ex2(context.get(), cipher, key.data(), iv.data(), nullptr) == 1 &&
         EVP_EncryptUpdate(context.get(), out.data(), &written, out.data(),
                           static_cast<int>(out.size())) == 1;
}

}  // namespace

std::optional<SessionKeys> derive_keys(Profile profile, Bytes key, Bytes salt, KeyUse use) {
  const auto first_label = static_cast<std::uint8_t>(use == KeyUse::Rtp ? 0 : 3);
  SessionKeys keys;
  const auto label = [&](int offset) { return static_cast<std::uint8_t>(first_label + offset); };
  const bool derived =
      derive(key, salt, label(0), MutableBytes(keys.encryption).first(key_size(profile))) &&
      derive(key, salt, label(1), keys.authentication) &&
      derive(key, salt, label(2), MutableBytes(keys.salt).first(salt_size(profile)));
  return derived ? std::optional(keys) : std::nullopt;
}

}  // namespace cardea::srtp
