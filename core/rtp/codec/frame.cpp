#include "core/rtp/codec/frame.hpp"

#include "core/rtp/codec/keyframe.hpp"
#include "core/rtp/codec/vp8.hpp"
#include "core/rtp/codec/vp9.hpp"

namespace cardea::rtp {

namespace {

FrameInfo read_vp8(Bytes payload) {
  FrameInfo out;
  const auto descriptor = parse_vp8(payload);
  if (!descriptor) {
    return out;
  }
  out.starts = descriptor->starts_partition && descriptor->partition == 0;
  out.keyframe =
      out.starts && payload.size() > descriptor->size && (payload[descriptor->size] & 1) == 0;
  if (descriptor->temporal_id) {
    out.temporal = static_cast<std::int8_t>(*descriptor->temporal_id);
    out.switch_up = out.temporal > 0 && descriptor->layer_sync;
  }
  out.has_picture_id = descriptor->picture_id.has_value();
  out.picture_id = descriptor->picture_id.value_or(0);
  out.has_tl0 = descriptor->tl0_picture_index.has_value();
  out.tl0 = descriptor->tl0_picture_index.value_or(0);
  return out;
}

FrameInfo read_vp9(Bytes payload) {
  FrameInfo out;
  const auto descriptor = parse_vp9(payload);
  if (!descriptor) {
    return out;
  }
  out.starts = descriptor->starts_frame;
  out.ends = descriptor->ends_frame;
  out.keyframe = !descriptor->inter_picture && descriptor->starts_frame &&
                 descriptor->spatial_id == 0 && payload.size() > descriptor->size;
  if (descriptor->has_layers) {
    out.temporal = static_cast<std::int8_t>(descriptor->temporal_id);
    out.spatial = static_cast<std::int8_t>(descriptor->spatial_id);
    out.switch_up = descriptor->switching_up;
  }
  return out;
}

}  // namespace

FrameInfo read_frame(Codec codec, Bytes payload) {
  if (codec == Codec::Vp8) {
    return read_vp8(payload);
  }
  if (codec == Codec::Vp9) {
    return read_vp9(payload);
  }
  FrameInfo out;
  out.keyframe = is_keyframe(codec, payload);
  return out;
}

void add_dependencies(FrameInfo& frame, const DependencyDescriptor& descriptor) {
  frame.starts = descriptor.starts_frame;
  frame.ends = descriptor.ends_frame;
  frame.temporal = static_cast<std::int8_t>(descriptor.frame.temporal);
  frame.spatial = static_cast<std::int8_t>(descriptor.frame.spatial);
  frame.switch_up = descriptor.switches_up;
  frame.keyframe = frame.keyframe || (descriptor.starts_frame && descriptor.has_structure &&
                                      descriptor.frame.independent && frame.spatial == 0);
}

}  // namespace cardea::rtp
