// RTP packets that are nothing but padding: what fills up a bandwidth probe.
#pragma once

#include <cstddef>

#include "core/rtp/rewrite.hpp"

namespace cardea::rtp {

/// All that RFC 3550 5.1 lets one packet hold.
inline constexpr std::size_t kMaxPadding = 255;

/// Writes a packet without payload. Under the SSRC and payload type of a retransmission stream it
/// disturbs nothing: a receiver finds no original in it (RFC 4588 4) and throws it away.
/// @param to ids on the m-line that it goes to. @param padding 1 to kMaxPadding, clamped.
/// @returns packet size in bytes, 0 when `out` is too small.
std::size_t write_padding_packet(const Rewrite& rewrite, const ExtensionIds& to,
                                 std::size_t padding, MutableBytes out);

}  // namespace cardea::rtp
