// H.264 key frames in RTP (RFC 6184 5.2): single NAL units, STAP-A, FU-A.
#pragma once

#include "core/base/bytes.hpp"

namespace cardea::rtp {

/// Holds an SPS, or an IDR slice from its beginning.
bool is_h264_keyframe(Bytes payload);

}  // namespace cardea::rtp
