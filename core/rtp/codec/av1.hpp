// AV1 aggregation header (RTP Payload Format For AV1, 4.4).
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"

namespace cardea::rtp {

struct Av1Header {
  bool continues_obu = false;       ///< Z: the first element goes on from the packet before
  bool last_obu_continues = false;  ///< Y
  std::uint8_t element_count = 0;   ///< W: 0 means "each element has its size"
  bool new_sequence = false;        ///< N: first packet of a coded video sequence
};

std::optional<Av1Header> parse_av1(Bytes payload);
/// The N bit: the packet begins a coded video sequence, which starts with a key frame.
bool is_av1_keyframe(Bytes payload);

}  // namespace cardea::rtp
