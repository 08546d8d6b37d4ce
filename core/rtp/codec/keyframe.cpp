// Sends each codec's payload to its own reader.
#include "core/rtp/codec/keyframe.hpp"

#include "core/rtp/codec/av1.hpp"
#include "core/rtp/codec/h264.hpp"
#include "core/rtp/codec/h265.hpp"
#include "core/rtp/codec/vp8.hpp"
#include "core/rtp/codec/vp9.hpp"

namespace cardea::rtp {

bool is_keyframe(Codec codec, Bytes payload) {
  switch (codec) {
    case Codec::Vp8:
      return is_vp8_keyframe(payload);
    case Codec::Vp9:
      return is_vp9_keyframe(payload);
    case Codec::H264:
      return is_h264_keyframe(payload);
    case Codec::H265:
      return is_h265_keyframe(payload);
    case Codec::Av1:
      return is_av1_keyframe(payload);
    default:
      return is_audio(codec) && !payload.empty();
  }
}

}  // namespace cardea::rtp
