// VP9 payload descriptor (RFC 9628 4.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"

namespace cardea::rtp {

struct Vp9Descriptor {
  std::size_t size = 0;  ///< bytes before the VP9 data
  bool inter_picture = false;
  bool flexible = false;
  bool starts_frame = false;
  bool ends_frame = false;
  bool has_layers = false;
  std::uint8_t temporal_id = 0;
  std::uint8_t spatial_id = 0;
  bool switching_up = false;
  bool inter_layer = false;
  std::optional<std::uint16_t> picture_id;
  std::optional<std::uint8_t> tl0_picture_index;
  std::uint8_t spatial_layers = 1;  ///< from the scalability structure, when there is one
  bool has_structure = false;
};

std::optional<Vp9Descriptor> parse_vp9(Bytes payload);
/// Start of a frame of the lowest spatial layer that depends on no other picture.
bool is_vp9_keyframe(Bytes payload);

}  // namespace cardea::rtp
