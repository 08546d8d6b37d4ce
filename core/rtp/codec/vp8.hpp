// VP8 payload descriptor (RFC 7741 4.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"

namespace cardea::rtp {

struct Vp8Descriptor {
  std::size_t size = 0;  ///< bytes before the VP8 data
  bool non_reference = false;
  bool starts_partition = false;
  std::uint8_t partition = 0;
  std::optional<std::uint16_t> picture_id;  ///< 7 or 15 bits, see long_picture_id
  bool long_picture_id = false;
  std::optional<std::uint8_t> tl0_picture_index;
  std::optional<std::uint8_t> temporal_id;  ///< 0..3
  bool layer_sync = false;
  std::size_t picture_id_offset = 0;  ///< where it lies in the payload, when present
  std::size_t tl0_offset = 0;         ///< where it lies in the payload, when present
};

std::optional<Vp8Descriptor> parse_vp8(Bytes payload);
/// Start of partition 0 with the P bit of the frame header clear (RFC 7741 4.3).
bool is_vp8_keyframe(Bytes payload);
/// Puts other numbers in place, keeping their width; fields that the descriptor lacks are skipped.
/// @param payload writable copy of the payload that `descriptor` was read from.
void rewrite_vp8(MutableBytes payload, const Vp8Descriptor& descriptor, std::uint16_t picture_id,
                 std::uint8_t tl0_picture_index);
/// The same, and reads the descriptor first; nothing happens when there is none.
void renumber_vp8(MutableBytes payload, std::uint16_t picture_id, std::uint8_t tl0_picture_index);

}  // namespace cardea::rtp
