// The keys that a DTLS handshake leaves for SRTP (RFC 5764 4.2).
#pragma once

#include <array>
#include <cstdint>

#include "core/base/bytes.hpp"

namespace cardea::dtls {

/// IANA's numbers, the same as srtp::Profile: the peer converts by value.
enum class SrtpProfile : std::uint16_t {
  // RFC 5764 4.1.2. The underscore is in IANA's name. NOLINTNEXTLINE(readability-identifier-naming)
  Aes128CmSha1_80 = 0x0001,
  AeadAes128Gcm = 0x0007,
  AeadAes256Gcm = 0x0008,
};

/// Master key and salt of one direction.
struct SrtpKey {
  std::array<std::uint8_t, 32> key_bytes{};
  std::array<std::uint8_t, 14> salt_bytes{};
  std::uint8_t key_size = 0;
  std::uint8_t salt_size = 0;

  [[nodiscard]] Bytes key() const { return Bytes(key_bytes).first(key_size); }
  [[nodiscard]] Bytes salt() const { return Bytes(salt_bytes).first(salt_size); }
};

struct SrtpKeys {
  SrtpProfile profile = SrtpProfile::AeadAes128Gcm;
  SrtpKey local;   // protects what we send
  SrtpKey remote;  // opens what we receive
};

}  // namespace cardea::dtls
