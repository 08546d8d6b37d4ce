#include "plugins/rooms/crypto.hpp"

#include <array>
#include <stdexcept>
#include <vector>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cardea/sdk/ids.hpp>

namespace cardea::rooms {

namespace {

constexpr int kRounds = 100'000;
constexpr std::size_t kKeyBytes = 32;
constexpr std::string_view kForm = "pbkdf2-sha256$";

std::string hex(const unsigned char* bytes, std::size_t count) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += kDigits[bytes[i] >> 4U];
    out += kDigits[bytes[i] & 15U];
  }
  return out;
}

std::string derive(std::string_view salt, std::string_view password) {
  std::array<unsigned char, kKeyBytes> key{};
  if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                        reinterpret_cast<const unsigned char*>(salt.data()),
                        static_cast<int>(salt.size()), kRounds, EVP_sha256(),
                        static_cast<int>(key.size()), key.data()) != 1) {
    throw std::runtime_error("PBKDF2 failed");
  }
  return hex(key.data(), key.size());
}

std::vector<unsigned char> hmac(const EVP_MD* digest, std::string_view key, std::string_view text) {
  std::vector<unsigned char> out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  if (HMAC(digest, key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(),
           &size) == nullptr) {
    throw std::runtime_error("HMAC failed");
  }
  out.resize(size);
  return out;
}

}  // namespace

std::string hash_password(std::string_view password) {
  const std::string salt = sdk::random_text();
  return std::string(kForm) + salt + "$" + derive(salt, password);
}

bool password_fits(std::string_view hash, std::string_view password) {
  if (!hash.starts_with(kForm)) {
    return false;
  }
  hash.remove_prefix(kForm.size());
  const std::size_t end = hash.find('$');
  return end != std::string_view::npos &&
         sdk::same_secret(hash.substr(end + 1), derive(hash.substr(0, end), password));
}

std::string turn_password(std::string_view secret, std::string_view username) {
  const auto digest = hmac(EVP_sha1(), secret, username);
  std::string out(4 * ((digest.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), digest.data(),
                                   static_cast<int>(digest.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string make_cookie(std::string_view key) {
  const std::string id = sdk::random_text();
  const auto digest = hmac(EVP_sha256(), key, id);
  return id + "." + hex(digest.data(), digest.size());
}

std::string cookie_id(std::string_view key, std::string_view cookie) {
  const std::string_view id = cookie.substr(0, cookie.find('.'));
  if (id.size() == cookie.size() || id.empty()) {
    return {};
  }
  const auto digest = hmac(EVP_sha256(), key, id);
  return sdk::same_secret(hex(digest.data(), digest.size()), cookie.substr(id.size() + 1))
             ? std::string(id)
             : std::string();
}

}  // namespace cardea::rooms
