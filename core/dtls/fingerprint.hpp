// A certificate fingerprint as SDP carries it (RFC 8122): hash name and digest.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <cardea/sdk/result.hpp>

#include "core/base/bytes.hpp"

namespace cardea::dtls {

/// SHA-1 and older have no place here on purpose (threat M3).
enum class HashAlgorithm : std::uint8_t { Sha256, Sha384, Sha512 };

/// Only parse_fingerprint() and Certificate make one, so a Fingerprint at hand is never empty or of
/// a weak hash.
class Fingerprint {
 public:
  /// @param digest 32, 48 or 64 bytes as the algorithm wants; else an error.
  static Result<Fingerprint> from_digest(HashAlgorithm algorithm, Bytes digest);

  [[nodiscard]] HashAlgorithm algorithm() const { return algorithm_; }
  [[nodiscard]] Bytes digest() const { return Bytes(digest_).first(size_); }
  /// Constant-time.
  [[nodiscard]] bool matches(Bytes digest) const;
  /// "sha-256 AB:CD:..." as it stands behind "a=fingerprint:".
  [[nodiscard]] std::string to_string() const;

 private:
  Fingerprint() = default;

  HashAlgorithm algorithm_ = HashAlgorithm::Sha256;
  std::array<std::uint8_t, 64> digest_{};
  std::size_t size_ = 0;
};

/// Reads the value of "a=fingerprint:", e.g. "sha-256 AB:CD:...". Hash names in any case. Errors:
/// empty, a hash other than sha-256, sha-384, sha-512, wrong length, not hex.
Result<Fingerprint> parse_fingerprint(std::string_view value);

}  // namespace cardea::dtls
