// Parts of an m-line that our offers and our answers write alike.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/sdp/description.hpp"
#include "core/sdp/line_plan.hpp"

namespace cardea::sdp {

/// The largest data channel message that we take, in bytes (threats M10).
inline constexpr std::uint64_t kMaxMessageSize = std::uint64_t{256} * 1024;

inline constexpr std::string_view kTransportCc = "transport-cc";

/// The feedback that we write where both sides have it, transport-cc apart: that goes together with
/// its header extension, since a sender that is promised those reports and gets none falls to its
/// lowest rate.
bool is_our_feedback(std::string_view feedback);

/// A description with origin and ice-lite, without m-lines.
Description make_session(const LocalTransport& transport);
/// ICE credentials, fingerprint, candidates and end-of-candidates.
void put_transport(MediaLine& line, const LocalTransport& transport, Setup setup);
/// a=msid, a=ssrc and the FID group, when the line sends. @param with_rtx RTX was negotiated or is
/// offered.
void put_streams(MediaLine& line, const LinePlan& plan, bool with_rtx);
void put_bandwidth(MediaLine& line, std::uint32_t bandwidth_bps);

}  // namespace cardea::sdp
