// Reads the VP8 payload descriptor and replaces its numbers.
#include "core/rtp/codec/vp8.hpp"

namespace cardea::rtp {

namespace {

// The extension byte X and what it announces, in the order of RFC 7741 4.2.
void read_extension(ByteReader& in, std::size_t total, Vp8Descriptor& out) {
  const std::uint8_t flags = in.u8();
  if ((flags & 0x80) != 0) {
    out.picture_id_offset = total - in.left();
    const std::uint8_t first = in.u8();
    out.long_picture_id = (first & 0x80) != 0;
    out.picture_id =
        out.long_picture_id ? static_cast<std::uint16_t>((first & 0x7F) << 8 | in.u8()) : first;
  }
  if ((flags & 0x40) != 0) {
    out.tl0_offset = total - in.left();
    out.tl0_picture_index = in.u8();
  }
  if ((flags & 0x30) != 0) {
    const std::uint8_t layer = in.u8();
    if ((flags & 0x20) != 0) {
      out.temporal_id = static_cast<std::uint8_t>(layer >> 6);
      out.layer_sync = (layer & 0x20) != 0;
    }
  }
}

}  // namespace

std::optional<Vp8Descriptor> parse_vp8(Bytes payload) {
  ByteReader in(payload);
  Vp8Descriptor out;
  const std::uint8_t head = in.u8();
  out.non_reference = (head & 0x20) != 0;
  out.starts_partition = (head & 0x10) != 0;
  out.partition = head & 0x07;
  if ((head & 0x80) != 0) {
    read_extension(in, payload.size(), out);
  }
  if (!in.ok()) {
    return std::nullopt;
  }
  out.size = payload.size() - in.left();
  return out;
}

bool is_vp8_keyframe(Bytes payload) {
  const auto descriptor = parse_vp8(payload);
  return descriptor && descriptor->starts_partition && descriptor->partition == 0 &&
         payload.size() > descriptor->size && (payload[descriptor->size] & 1) == 0;
}

void rewrite_vp8(MutableBytes payload, const Vp8Descriptor& descriptor, std::uint16_t picture_id,
                 std::uint8_t tl0_picture_index) {
  if (payload.size() < descriptor.size) {
    return;
  }
  if (descriptor.picture_id) {
    std::uint8_t* p = payload.data() + descriptor.picture_id_offset;
    if (descriptor.long_picture_id) {
      store_u16(p, static_cast<std::uint16_t>(0x8000 | picture_id));
    } else {
      *p = static_cast<std::uint8_t>(picture_id & 0x7F);
    }
  }
  if (descriptor.tl0_picture_index) {
    payload[descriptor.tl0_offset] = tl0_picture_index;
  }
}

void renumber_vp8(MutableBytes payload, std::uint16_t picture_id, std::uint8_t tl0_picture_index) {
  if (const auto descriptor = parse_vp8(payload)) {
    rewrite_vp8(payload, *descriptor, picture_id, tl0_picture_index);
  }
}

}  // namespace cardea::rtp
