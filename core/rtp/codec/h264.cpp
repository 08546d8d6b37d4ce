// Looks for parameter sets and IDR slices in H.264 RTP payloads.
#include "core/rtp/codec/h264.hpp"

namespace cardea::rtp {

namespace {

constexpr std::uint8_t kIdr = 5;
constexpr std::uint8_t kSps = 7;
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;

bool starts_keyframe(std::uint8_t nal_type) { return nal_type == kIdr || nal_type == kSps; }

bool any_in_aggregate(Bytes units) {
  ByteReader in(units);
  while (in.left() > 2) {
    const Bytes unit = in.bytes(in.u16());
    if (!unit.empty() && starts_keyframe(unit[0] & 0x1F)) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool is_h264_keyframe(Bytes payload) {
  if (payload.size() < 2) {
    return false;
  }
  const std::uint8_t type = payload[0] & 0x1F;
  if (type == kStapA) {
    return any_in_aggregate(payload.subspan(1));
  }
  if (type == kFuA) {
    const bool first_fragment = (payload[1] & 0x80) != 0;
    return first_fragment && starts_keyframe(payload[1] & 0x1F);
  }
  return starts_keyframe(type);
}

}  // namespace cardea::rtp
