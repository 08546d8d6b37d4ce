// Looks for parameter sets and random access pictures in H.265 RTP payloads.
#include "core/rtp/codec/h265.hpp"

namespace cardea::rtp {

namespace {

constexpr std::uint8_t kFirstIrap = 16;
constexpr std::uint8_t kLastIrap = 21;
constexpr std::uint8_t kVps = 32;
constexpr std::uint8_t kSps = 33;
constexpr std::uint8_t kAggregation = 48;
constexpr std::uint8_t kFragmentation = 49;

std::uint8_t nal_type(std::uint8_t first_byte) { return (first_byte >> 1) & 0x3F; }

bool starts_keyframe(std::uint8_t type) {
  return (type >= kFirstIrap && type <= kLastIrap) || type == kVps || type == kSps;
}

bool any_in_aggregate(Bytes units) {
  ByteReader in(units);
  while (in.left() > 2) {
    const Bytes unit = in.bytes(in.u16());
    if (!unit.empty() && starts_keyframe(nal_type(unit[0]))) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool is_h265_keyframe(Bytes payload) {
  if (payload.size() < 3) {
    return false;
  }
  const std::uint8_t type = nal_type(payload[0]);
  if (type == kAggregation) {
    return any_in_aggregate(payload.subspan(2));
  }
  if (type == kFragmentation) {
    const bool first_fragment = (payload[2] & 0x80) != 0;
    return first_fragment && starts_keyframe(payload[2] & 0x3F);
  }
  return starts_keyframe(type);
}

}  // namespace cardea::rtp
