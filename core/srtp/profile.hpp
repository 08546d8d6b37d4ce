// The SRTP protection profiles that we speak, with their sizes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cardea::srtp {

/// IANA's DTLS-SRTP profile numbers.
enum class Profile : std::uint16_t {
  // RFC 5764 4.1.2. The underscore is in IANA's name. NOLINTNEXTLINE(readability-identifier-naming)
  Aes128CmSha1_80 = 0x0001,
  // Never offered to WebRTC. NOLINTNEXTLINE(readability-identifier-naming)
  Aes128CmSha1_32 = 0x0002,
  AeadAes128Gcm = 0x0007,  // RFC 7714
  AeadAes256Gcm = 0x0008,  // RFC 7714
};

constexpr bool is_gcm(Profile profile) {
  return profile == Profile::AeadAes128Gcm || profile == Profile::AeadAes256Gcm;
}
/// Bytes of the master key, and of the session encryption keys.
constexpr std::size_t key_size(Profile profile) {
  return profile == Profile::AeadAes256Gcm ? 32 : 16;
}
constexpr std::size_t salt_size(Profile profile) { return is_gcm(profile) ? 12 : 14; }
/// Bytes that protect_rtp() adds.
constexpr std::size_t rtp_overhead(Profile profile) {
  return is_gcm(profile) ? 16 : profile == Profile::Aes128CmSha1_32 ? 4 : 10;
}
/// The tag of SRTCP: 80 bits with either tag of RTP (RFC 5764 4.1.2).
constexpr std::size_t rtcp_tag_size(Profile profile) { return is_gcm(profile) ? 16 : 10; }
/// Bytes that protect_rtcp() adds: tag and the E|index word.
constexpr std::size_t rtcp_overhead(Profile profile) { return rtcp_tag_size(profile) + 4; }
/// Room to leave behind any packet, whatever the profile.
constexpr std::size_t kMaxOverhead = 20;

}  // namespace cardea::srtp
