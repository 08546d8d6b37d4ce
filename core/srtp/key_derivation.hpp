// Session keys from the master key (RFC 3711 4.3, RFC 7714 11), key derivation rate zero.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/srtp/profile.hpp"

namespace cardea::srtp {

/// Keys of SRTP or of SRTCP. Sizes by the profile; authentication is for the CM profile alone.
struct SessionKeys {
  static constexpr std::size_t kAuthSize = 20;

  std::array<std::uint8_t, 32> encryption{};
  std::array<std::uint8_t, kAuthSize> authentication{};
  std::array<std::uint8_t, 14> salt{};
};

enum class KeyUse : std::uint8_t { Rtp, Rtcp };

/// @param key, salt of exactly key_size() and salt_size() bytes. @returns empty when OpenSSL fails.
std::optional<SessionKeys> derive_keys(Profile profile, Bytes key, Bytes salt, KeyUse use);

}  // namespace cardea::srtp
