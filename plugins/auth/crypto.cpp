#include "plugins/auth/crypto.hpp"

#include <array>
#include <cstdint>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace cardea::auth {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hmac(const EVP_MD* digest, std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  if (HMAC(digest, key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(),
           out.data(), &size) == nullptr) {
    throw std::runtime_error("HMAC failed");
  }
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
  return hmac(EVP_sha256(), key, text);
}

std::string hmac_sha1(std::string_view key, std::string_view text) {
  return hmac(EVP_sha1(), key, text);
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), out.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return hex({reinterpret_cast<const char*>(out.data()), size});
}

std::string base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char each : bytes) {
    held = (held << 8) | static_cast<unsigned char>(each);
    for (bits += 8; bits >= 6; bits -= 6) {
      out += kAlphabet[(held >> (bits - 6)) & 63];
    }
  }
  if (bits > 0) {
    out += kAlphabet[(held << (6 - bits)) & 63];
  }
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char each : text) {
    const std::size_t value = kAlphabet.find(each);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    held = (held << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>((held >> bits) & 255);
    }
  }
  // Other spellings of the same bytes would be other texts of one token.
  return base64url(out) == text ? std::optional(out) : std::nullopt;
}

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1) {
    throw std::runtime_error("no randomness");
  }
  return out;
}

std::string random_token(std::size_t bytes) { return base64url(random_bytes(bytes)); }

std::string random_uuid() {
  std::string bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string out = hex(bytes);
  for (const std::size_t at : {8, 13, 18, 23}) {
    out.insert(at, 1, '-');
  }
  return out;
}

}  // namespace cardea::auth
