// Reads the VP9 payload descriptor.
#include "core/rtp/codec/vp9.hpp"

namespace cardea::rtp {

namespace {

// RFC 9628 4.2: at most three reference differences follow each other.
constexpr int kMaxReferences = 3;

void read_picture_id(ByteReader& in, Vp9Descriptor& out) {
  const std::uint8_t first = in.u8();
  out.picture_id =
      (first & 0x80) != 0 ? static_cast<std::uint16_t>((first & 0x7F) << 8 | in.u8()) : first;
}

void read_layers(ByteReader& in, Vp9Descriptor& out) {
  const std::uint8_t layers = in.u8();
  out.has_layers = true;
  out.temporal_id = static_cast<std::uint8_t>(layers >> 5);
  out.switching_up = (layers & 0x10) != 0;
  out.spatial_id = (layers >> 1) & 0x07;
  out.inter_layer = (layers & 0x01) != 0;
  if (!out.flexible) {
    out.tl0_picture_index = in.u8();
  }
}

bool skip_references(ByteReader& in) {
  for (int i = 0; i < kMaxReferences; ++i) {
    if ((in.u8() & 0x01) == 0) {
      return true;
    }
  }
  return false;
}

void read_structure(ByteReader& in, Vp9Descriptor& out) {
  const std::uint8_t head = in.u8();
  out.has_structure = true;
  out.spatial_layers = static_cast<std::uint8_t>((head >> 5) + 1);
  if ((head & 0x10) != 0) {
    in.skip(std::size_t{4} * out.spatial_layers);
  }
  if ((head & 0x08) != 0) {
    const std::uint8_t pictures = in.u8();
    for (std::uint8_t i = 0; i < pictures && in.ok(); ++i) {
      in.skip((in.u8() >> 2) & 0x03);
    }
  }
}

}  // namespace

std::optional<Vp9Descriptor> parse_vp9(Bytes payload) {
  ByteReader in(payload);
  Vp9Descriptor out;
  const std::uint8_t head = in.u8();
  out.inter_picture = (head & 0x40) != 0;
  out.flexible = (head & 0x10) != 0;
  out.starts_frame = (head & 0x08) != 0;
  out.ends_frame = (head & 0x04) != 0;
  if ((head & 0x80) != 0) {
    read_picture_id(in, out);
  }
  if ((head & 0x20) != 0) {
    read_layers(in, out);
  }
  if (out.flexible && out.inter_picture && !skip_references(in)) {
    return std::nullopt;
  }
  if ((head & 0x02) != 0) {
    read_structure(in, out);
  }
  if (!in.ok()) {
    return std::nullopt;
  }
  out.size = payload.size() - in.left();
  return out;
}

bool is_vp9_keyframe(Bytes payload) {
  const auto descriptor = parse_vp9(payload);
  return descriptor && !descriptor->inter_picture && descriptor->starts_frame &&
         descriptor->spatial_id == 0 && payload.size() > descriptor->size;
}

}  // namespace cardea::rtp
