// AES-GCM, and AES-CTR with HMAC-SHA1, on OpenSSL EVP.
#include "core/srtp/transform.hpp"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

namespace cardea::srtp {

namespace {

constexpr std::size_t kMaxCmTagSize = 10;  // 80 of HMAC-SHA1's 160 bits
constexpr std::size_t kGcmTagSize = 16;

struct FreeCipherType {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
};
struct FreeMacType {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
};

const char* cipher_name(Profile profile) {
  switch (profile) {
    case Profile::AeadAes128Gcm:
      return "AES-128-GCM";
    case Profile::AeadAes256Gcm:
      return "AES-256-GCM";
    case Profile::Aes128CmSha1_80:
    case Profile::Aes128CmSha1_32:
      break;
  }
  return "AES-128-CTR";
}

/// XORs `size` bytes of a big-endian number into `iv`.
void mix(std::uint8_t* iv, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    iv[i] = static_cast<std::uint8_t>(iv[i] ^ (value >> (8 * (size - 1 - i))));
  }
}

bool feed(EVP_CIPHER_CTX* context, std::uint8_t* out, Bytes in, bool encrypt) {
  int written = 0;
  const int size = static_cast<int>(in.size());
  return in.empty() || (encrypt ? EVP_EncryptUpdate(context, out, &written, in.data(), size)
                                : EVP_DecryptUpdate(context, out, &written, in.data(), size)) == 1;
}

}  // namespace

std::unique_ptr<Transform> Transform::create(Profile profile, KeyUse use, const SessionKeys& keys) {
  std::unique_ptr<Transform> transform(new Transform(profile, use, keys));
  return transform->set_up(keys) ? std::move(transform) : nullptr;
}

bool Transform::set_up(const SessionKeys& keys) {
  const std::unique_ptr<EVP_CIPHER, FreeCipherType> type(
      EVP_CIPHER_fetch(nullptr, cipher_name(profile_), nullptr));
  cipher_.reset(EVP_CIPHER_CTX_new());
  const std::array<std::uint8_t, 16> iv{};
  if (!type || !cipher_ ||
      EVP_EncryptInit_ex2(cipher_.get(), type.get(), keys.encryption.data(), iv.data(), nullptr) !=
          1) {
    return false;
  }
  if (is_gcm(profile_)) {
    return true;
  }
  const std::unique_ptr<EVP_MAC, FreeMacType> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  mac_.reset(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  std::array<char, 5> digest{"SHA1"};
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  return mac_ && EVP_MAC_init(mac_.get(), keys.authentication.data(), keys.authentication.size(),
                              parameters.data()) == 1;
}

std::array<std::uint8_t, 12> Transform::gcm_iv(const PacketPosition& position) const {
  // RFC 7714 8.1 and 9.1: 00 00, SSRC, 48-bit index, XOR salt.
  std::array<std::uint8_t, 12> iv{};
  std::copy_n(salt_.begin(), iv.size(), iv.begin());
  mix(iv.data() + 2, position.ssrc, 4);
  mix(iv.data() + 6, position.index, 6);
  return iv;
}

std::array<std::uint8_t, 16> Transform::cm_iv(const PacketPosition& position) const {
  // RFC 3711 4.1.1: salt * 2^16 XOR SSRC * 2^64 XOR index * 2^16.
  std::array<std::uint8_t, 16> iv{};
  std::copy(salt_.begin(), salt_.end(), iv.begin());
  mix(iv.data() + 4, position.ssrc, 4);
  mix(iv.data() + 8, position.index, 6);
  return iv;
}

bool Transform::seal(const PacketPosition& position, Bytes clear, Bytes plain, std::uint8_t* cipher,
                     Bytes trailer, std::uint8_t* tag) {
  if (is_gcm(profile_)) {
    return seal_gcm(position, clear, plain, cipher, trailer, tag);
  }
  const Bytes packet(cipher - clear.size(), clear.size() + plain.size());
  return apply_cm(position, plain, cipher) && authenticate(packet, trailer, tag);
}

bool Transform::open(const PacketPosition& position, Bytes clear, MutableBytes text, Bytes trailer,
                     Bytes tag) {
  if (is_gcm(profile_)) {
    return open_gcm(position, clear, text, trailer, tag);
  }
  // Authentication first: a forged packet then costs no decryption.
  std::array<std::uint8_t, kMaxCmTagSize> expected{};
  const Bytes packet(text.data() - clear.size(), clear.size() + text.size());
  return authenticate(packet, trailer, expected.data()) &&
         CRYPTO_memcmp(expected.data(), tag.data(), cm_tag_size()) == 0 &&
         apply_cm(position, text, text.data());
}

bool Transform::seal_gcm(const PacketPosition& position, Bytes clear, Bytes plain,
                         std::uint8_t* cipher, Bytes trailer, std::uint8_t* tag) {
  const auto iv = gcm_iv(position);
  EVP_CIPHER_CTX* context = cipher_.get();
  int written = 0;
  return EVP_EncryptInit_ex2(context, nullptr, nullptr, iv.data(), nullptr) == 1 &&
         feed(context, nullptr, clear, true) &&
         (use_ == KeyUse::Rtp || feed(context, nullptr, trailer, true)) &&
         feed(context, cipher, plain, true) &&
         EVP_EncryptFinal_ex(context, cipher + plain.size(), &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kGcmTagSize, tag) == 1;
}

bool Transform::open_gcm(const PacketPosition& position, Bytes clear, MutableBytes text,
                         Bytes trailer, Bytes tag) {
  const auto iv = gcm_iv(position);
  std::array<std::uint8_t, kGcmTagSize> expected{};
  std::copy_n(tag.begin(), kGcmTagSize, expected.begin());
  EVP_CIPHER_CTX* context = cipher_.get();
  int written = 0;
  return EVP_DecryptInit_ex2(context, nullptr, nullptr, iv.data(), nullptr) == 1 &&
         feed(context, nullptr, clear, false) &&
         (use_ == KeyUse::Rtp || feed(context, nullptr, trailer, false)) &&
         feed(context, text.data(), text, false) &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kGcmTagSize, expected.data()) == 1 &&
         EVP_DecryptFinal_ex(context, text.data() + text.size(), &written) == 1;
}

bool Transform::apply_cm(const PacketPosition& position, Bytes from, std::uint8_t* to) {
  const auto iv = cm_iv(position);
  return EVP_EncryptInit_ex2(cipher_.get(), nullptr, nullptr, iv.data(), nullptr) == 1 &&
         feed(cipher_.get(), to, from, true);
}

bool Transform::authenticate(Bytes packet, Bytes trailer, std::uint8_t* tag) {
  std::array<std::uint8_t, SessionKeys::kAuthSize> whole{};
  std::size_t size = 0;
  if (EVP_MAC_init(mac_.get(), nullptr, 0, nullptr) != 1 ||
      EVP_MAC_update(mac_.get(), packet.data(), packet.size()) != 1 ||
      EVP_MAC_update(mac_.get(), trailer.data(), trailer.size()) != 1 ||
      EVP_MAC_final(mac_.get(), whole.data(), &size, whole.size()) != 1) {
    return false;
  }
  std::copy_n(whole.begin(), cm_tag_size(), tag);
  return true;
}

}  // namespace cardea::srtp
