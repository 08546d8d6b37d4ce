// Builds the header of an outgoing packet from a received one: what each subscriber gets of each
// packet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/rtp/header_extension.hpp"
#include "core/rtp/packet.hpp"

namespace cardea::rtp {

/// Room that write_header() can need at most: fixed header plus a full extension block.
inline constexpr std::size_t kMaxOutgoingHeader = 320;

inline constexpr std::uint32_t kNoPlayoutDelay = 0xFFFF'FFFF;

/// What differs between the packet received and the packet sent. The marker bit is copied.
struct Rewrite {
  std::uint32_t ssrc = 0;
  std::uint32_t timestamp = 0;
  std::uint16_t seq = 0;
  std::uint8_t payload_type = 0;
  /// Written when the receiver negotiated the mid extension and this is not empty; at most 16 bytes
  /// are usual.
  std::string_view mid;
  /// Written when the receiver negotiated abs-send-time. See abs_send_time().
  std::uint32_t abs_send_time = 0;
  /// Written when the receiver negotiated transport-cc: one number per packet of the transport.
  std::uint16_t transport_seq = 0;
  /// Set even where the packet received has no marker.
  bool marker = false;
  /// Replaces that of the packet where the receiver negotiated it: 12 bits each of the least and
  /// the greatest delay in units of 10 ms; kNoPlayoutDelay leaves it.
  std::uint32_t playout_delay = kNoPlayoutDelay;
};

/// Writes the new header to `out`. CSRCs are dropped. Extensions whose kind both sides negotiated
/// are copied under the receiver's id; mid, abs-send-time and transport-cc are written anew; rid
/// and repaired rid never leave, since the receiver sees one stream. The payload stays where it is:
/// in.payload().
/// @param from ids on the m-line that the packet came from. @param to ids on the m-line that it
/// goes to.
/// @returns header size in bytes, 0 when `out` is too small.
std::size_t write_header(const Packet& in, const Rewrite& rewrite, const ExtensionIds& from,
                         const ExtensionIds& to, MutableBytes out);

/// Writes a whole retransmission packet (RFC 4588 4): header from `rewrite` (RTX ssrc, pt and seq),
/// original sequence number, payload. Ready for protect in place. @param original_seq the number
/// under which it was first sent.
/// @returns packet size, 0 when `out` is too small.
std::size_t write_rtx_packet(const Packet& in, const Rewrite& rewrite, std::uint16_t original_seq,
                             const ExtensionIds& from, const ExtensionIds& to, MutableBytes out);

/// Turns a received RTX packet back into the packet it repeats, in place: original seq out of the
/// payload, given ssrc and payload type; extensions stay. @returns the new packet size, 0 when the
/// payload holds no original (a probe).
std::size_t restore_from_rtx(MutableBytes datagram, std::uint32_t ssrc, std::uint8_t payload_type);

}  // namespace cardea::rtp
