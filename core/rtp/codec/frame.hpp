// What a payload says about the frame that it belongs to: one reading for all who ask.
#pragma once

#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/rtp/codec/codec.hpp"
#include "core/rtp/codec/dependency_descriptor.hpp"

namespace cardea::rtp {

struct FrameInfo {
  bool keyframe = false;      ///< see is_keyframe()
  bool starts = false;        ///< first packet of a frame of its layer; always false where unknown
  bool ends = false;          ///< last packet of a frame of its layer; VP9 and AV1 only
  bool switch_up = false;     ///< a decoder may go up to this temporal layer (VP8) or beyond it
  std::int8_t temporal = -1;  ///< -1: the payload does not say
  std::int8_t spatial = -1;   ///< of SVC; -1: the payload does not say
  bool has_picture_id = false;
  bool has_tl0 = false;
  std::uint16_t picture_id = 0;  ///< VP8 only: those are rewritten
  std::uint8_t tl0 = 0;
};

/// @param payload as for is_keyframe().
FrameInfo read_frame(Codec codec, Bytes payload);
/// AV1's payload is silent about layers: adds what its descriptor says.
void add_dependencies(FrameInfo& frame, const DependencyDescriptor& descriptor);

}  // namespace cardea::rtp
