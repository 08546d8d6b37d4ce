// Keys and packets that the SRTP tests share.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/srtp/session.hpp"

namespace srtp_test {

using cardea::Bytes;
using cardea::srtp::Profile;
using cardea::srtp::Session;
using cardea::srtp::SessionLimits;

using Packet = std::vector<std::uint8_t>;

inline constexpr std::array kProfiles{Profile::AeadAes128Gcm, Profile::AeadAes256Gcm,
                                      Profile::Aes128CmSha1_80};

/// Master key bytes 1, 2, 3 ... and salt bytes 101, 102, ...; `seed` makes another pair.
inline Packet master_key(Profile profile, std::uint8_t seed = 0) {
  Packet key(key_size(profile));
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<std::uint8_t>(i + 1 + seed);
  }
  return key;
}

inline Packet master_salt(Profile profile) {
  Packet salt(salt_size(profile));
  for (std::size_t i = 0; i < salt.size(); ++i) {
    salt[i] = static_cast<std::uint8_t>(i + 101);
  }
  return salt;
}

/// Throws std::bad_variant_access when the session cannot be made.
inline Session make_session(Profile profile, std::uint8_t seed = 0, SessionLimits limits = {}) {
  auto session = Session::create(profile, master_key(profile, seed), master_salt(profile), limits);
  return *std::move(session);
}

/// An RTP packet with one CSRC and a header extension of two words.
inline Packet rtp_packet(std::uint16_t sequence_number, std::uint32_t ssrc = 0x11223344,
                         std::size_t payload_size = 100) {
  Packet packet(12 + 4 + 12 + payload_size);
  packet[0] = 0x91;
  packet[1] = 96;
  cardea::store_u16(packet.data() + 2, sequence_number);
  cardea::store_u32(packet.data() + 4, sequence_number * 3000U);
  cardea::store_u32(packet.data() + 8, ssrc);
  cardea::store_u32(packet.data() + 12, 0x55667788);
  cardea::store_u32(packet.data() + 16, 0xBEDE0002);
  for (std::size_t i = 20; i < packet.size(); ++i) {
    packet[i] = static_cast<std::uint8_t>(i * 7 + sequence_number);
  }
  return packet;
}

inline constexpr std::size_t kRtpClearSize = 28;

/// A receiver report without blocks, then a PLI.
inline Packet rtcp_packet(std::uint32_t ssrc = 0x11223344) {
  Packet packet{0x80, 201, 0, 1, 0, 0, 0, 0, 0x81, 206, 0, 2, 0, 0, 0, 0, 0, 0, 0, 9};
  cardea::store_u32(packet.data() + 4, ssrc);
  cardea::store_u32(packet.data() + 12, ssrc);
  return packet;
}

/// Empty when refused.
inline Packet protect(Session& session, Packet packet) {
  const std::size_t size = packet.size();
  packet.resize(size + rtp_overhead(session.profile()));
  const auto result = session.protect_rtp(packet, size);
  packet.resize(result ? result.size : 0);
  return packet;
}

inline Packet protect_rtcp(Session& session, Packet packet) {
  const std::size_t size = packet.size();
  packet.resize(size + rtcp_overhead(session.profile()));
  const auto result = session.protect_rtcp(packet, size);
  packet.resize(result ? result.size : 0);
  return packet;
}

}  // namespace srtp_test
