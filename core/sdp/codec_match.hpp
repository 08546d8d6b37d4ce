// Finds the payload types of an m-line that mean a wanted codec, and those that belong to it (RTX,
// RED).
#pragma once

#include <string>
#include <string_view>

#include "core/sdp/description.hpp"
#include "core/sdp/line_plan.hpp"

namespace cardea::sdp {

/// The value of one parameter of a=fmtp ("a=1;b=2"), empty when absent.
std::string_view fmtp_value(std::string_view fmtp, std::string_view key);

/// True when two payload types carry the same format: codec, clock rate, and the profile where the
/// codec has one.
bool same_format(const PayloadType& a, const PayloadType& b);

/// The first payload type that satisfies the choice; null when none does.
const PayloadType* find_codec(const MediaLine& line, const CodecChoice& choice);
/// The RTX payload type (apt) of `number`; null when none.
const PayloadType* find_rtx(const MediaLine& line, std::uint8_t number);
/// The RED payload type whose redundancy is made of `number`; null when none.
const PayloadType* find_red(const MediaLine& line, std::uint8_t number);

/// What a=fmtp an offer of ours writes for the choice.
std::string offered_fmtp(const CodecChoice& choice);

/// The second member of the FID group that starts with `ssrc` (RFC 5576 4.2), 0 when none.
std::uint32_t rtx_of(const MediaLine& line, std::uint32_t ssrc);

}  // namespace cardea::sdp
