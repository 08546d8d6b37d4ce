// Reads, writes and compares certificate fingerprints.
#include "core/dtls/fingerprint.hpp"

#include <algorithm>
#include <optional>

#include <openssl/crypto.h>

namespace cardea::dtls {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

struct Hash {
  std::string_view name;
  HashAlgorithm algorithm;
  std::size_t size;
};

constexpr std::array<Hash, 3> kHashes{{
    {"sha-256", HashAlgorithm::Sha256, 32},
    {"sha-384", HashAlgorithm::Sha384, 48},
    {"sha-512", HashAlgorithm::Sha512, 64},
}};

const Hash& hash_of(HashAlgorithm algorithm) {
  return *std::find_if(kHashes.begin(), kHashes.end(),
                       [&](const Hash& hash) { return hash.algorithm == algorithm; });
}

bool same_name(std::string_view given, std::string_view lower) {
  return std::equal(given.begin(), given.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
  });
}

std::optional<std::uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return static_cast<std::uint8_t>(c - '0');
  }
  if (c >= 'a' && c <= 'f') {
    return static_cast<std::uint8_t>(c - 'a' + 10);
  }
  if (c >= 'A' && c <= 'F') {
    return static_cast<std::uint8_t>(c - 'A' + 10);
  }
  return std::nullopt;
}

/// "AB:CD:..." of exactly `out.size()` bytes.
bool read_digest(std::string_view text, MutableBytes out) {
  if (text.size() != out.size() * 3 - 1) {
    return false;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto high = hex_digit(text[i * 3]);
    const auto low = hex_digit(text[i * 3 + 1]);
    const bool separated = i + 1 == out.size() || text[i * 3 + 2] == ':';
    if (!high || !low || !separated) {
      return false;
    }
    out[i] = static_cast<std::uint8_t>((*high << 4) | *low);
  }
  return true;
}

}  // namespace

Result<Fingerprint> Fingerprint::from_digest(HashAlgorithm algorithm, Bytes digest) {
  if (digest.size() != hash_of(algorithm).size) {
    return Error{"fingerprint: wrong digest length"};
  }
  Fingerprint out;
  out.algorithm_ = algorithm;
  out.size_ = digest.size();
  std::copy(digest.begin(), digest.end(), out.digest_.begin());
  return out;
}

bool Fingerprint::matches(Bytes digest) const {
  return digest.size() == size_ && CRYPTO_memcmp(digest.data(), digest_.data(), size_) == 0;
}

std::string Fingerprint::to_string() const {
  std::string out(hash_of(algorithm_).name);
  char separator = ' ';
  for (const std::uint8_t byte : digest()) {
    out += separator;
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
    separator = ':';
  }
  return out;
}

Result<Fingerprint> parse_fingerprint(std::string_view value) {
  const std::size_t space = value.find(' ');
  if (value.empty() || space == std::string_view::npos) {
    return Error{"fingerprint: missing"};
  }
  const auto hash = std::find_if(kHashes.begin(), kHashes.end(), [&](const Hash& candidate) {
    return same_name(value.substr(0, space), candidate.name);
  });
  if (hash == kHashes.end()) {
    return Error{"fingerprint: sha-256, sha-384 or sha-512 is needed"};
  }
  std::array<std::uint8_t, 64> digest{};
  const MutableBytes bytes = MutableBytes(digest).first(hash->size);
  if (!read_digest(value.substr(space + 1), bytes)) {
    return Error{"fingerprint: not " + std::to_string(hash->size) + " bytes of hex"};
  }
  return Fingerprint::from_digest(hash->algorithm, bytes);
}

}  // namespace cardea::dtls
