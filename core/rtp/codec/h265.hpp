// H.265 key frames in RTP (RFC 7798 4.4): single NAL units, aggregation packets, fragmentation
// units.
#pragma once

#include "core/base/bytes.hpp"

namespace cardea::rtp {

/// Holds a VPS or SPS, or a random access picture (NAL types 16..21) from its beginning.
bool is_h265_keyframe(Bytes payload);

}  // namespace cardea::rtp
