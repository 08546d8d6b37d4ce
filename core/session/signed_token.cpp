// Reads nothing of a token before its signature has been found right.
#include "core/session/signed_token.hpp"

#include <array>
#include <charconv>
#include <limits>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace cardea::session {
namespace {

constexpr std::size_t kMaxToken = 4096;
constexpr std::size_t kSha1Bytes = 20;

/// Takes the next word off a list.
std::string_view next_word(std::string_view& list) {
  const std::string_view word = list.substr(0, list.find(','));
  list.remove_prefix(word.size() < list.size() ? word.size() + 1 : word.size());
  return word;
}

bool expired(std::string_view expiry, std::int64_t unix_now) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(expiry.data(), expiry.data() + expiry.size(), seconds);
  return error != std::errc() || end != expiry.data() + expiry.size() || seconds <= unix_now;
}

}  // namespace

std::string token_signature(std::string_view secret, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  if (secret.size() > std::numeric_limits<int>::max() ||
      HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(),
           &size) == nullptr) {
    return {};
  }
  std::array<unsigned char, 4 * ((kSha1Bytes + 2) / 3) + 1> base64{};
  const int length = EVP_EncodeBlock(base64.data(), mac.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(length)};
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool valid_signed_token(std::string_view secret, std::string_view token, std::string_view realm,
                        std::string_view word, std::int64_t unix_now) {
  const std::size_t colon = token.rfind(':');
  if (secret.empty() || token.size() > kMaxToken || colon == std::string_view::npos) {
    return false;
  }
  std::string_view text = token.substr(0, colon);
  const std::string signature = token_signature(secret, text);
  if (signature.empty() || !same_secret(signature, token.substr(colon + 1))) {
    return false;
  }
  if (expired(next_word(text), unix_now) || next_word(text) != realm) {
    return false;
  }
  while (!text.empty() && !word.empty()) {
    if (next_word(text) == word) {
      return true;
    }
  }
  return word.empty();
}

}  // namespace cardea::session
