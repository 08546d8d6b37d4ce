// A received RTP packet as a checked view of its bytes, and how RTCP is told from RTP.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"

namespace cardea::rtp {

/// Size of the RTP header without CSRCs and extension, in bytes.
inline constexpr std::size_t kFixedHeaderSize = 12;

/// True when a datagram of the RTP range (first byte 128..191) is RTCP: second byte 192..223 (RFC
/// 5761 4).
bool is_rtcp(Bytes datagram);

/// Size of the whole header (CSRCs and extension included), also of a packet that is still
/// encrypted; zero when the bytes are no RTP header (RFC 3550 5.1).
std::size_t header_size(Bytes datagram);

/// View of one RTP packet after SRTP unprotect. Borrows the bytes: they must outlive it. Cheap to
/// copy, never allocates.
class Packet {
 public:
  /// Checks version, CSRC list, extension and padding against the real size (RFC 3550 5.1, 5.3.1).
  /// @returns nothing when malformed: the caller drops and counts it.
  static std::optional<Packet> parse(Bytes datagram);

  [[nodiscard]] bool marker() const { return (bytes_[1] & 0x80) != 0; }
  [[nodiscard]] std::uint8_t payload_type() const { return bytes_[1] & 0x7F; }
  [[nodiscard]] std::uint16_t seq() const { return load_u16(bytes_.data() + 2); }
  [[nodiscard]] std::uint32_t timestamp() const { return load_u32(bytes_.data() + 4); }
  [[nodiscard]] std::uint32_t ssrc() const { return load_u32(bytes_.data() + 8); }

  /// The whole datagram, padding included.
  [[nodiscard]] Bytes bytes() const { return bytes_; }
  [[nodiscard]] std::size_t header_size() const { return header_size_; }
  /// Without padding; empty for a packet that is padding only (a bandwidth probe).
  [[nodiscard]] Bytes payload() const { return bytes_.subspan(header_size_, payload_size_); }

  [[nodiscard]] bool has_extension() const { return (bytes_[0] & 0x10) != 0; }
  /// The "defined by profile" field: 0xBEDE for one-byte, 0x100x for two-byte extensions (RFC
  /// 8285 4.2, 4.3).
  [[nodiscard]] std::uint16_t extension_profile() const { return extension_profile_; }
  /// The extension elements, without the 4 bytes of profile and length.
  [[nodiscard]] Bytes extension_block() const {
    return has_extension() ? bytes_.subspan(header_size_ - extension_size_, extension_size_)
                           : Bytes{};
  }

 private:
  Packet() = default;

  Bytes bytes_;
  std::size_t header_size_ = 0;
  std::size_t payload_size_ = 0;
  std::size_t extension_size_ = 0;
  std::uint16_t extension_profile_ = 0;
};

}  // namespace cardea::rtp
