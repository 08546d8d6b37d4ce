// Reads the AV1 aggregation header.
#include "core/rtp/codec/av1.hpp"

namespace cardea::rtp {

std::optional<Av1Header> parse_av1(Bytes payload) {
  if (payload.size() < 2) {
    return std::nullopt;
  }
  Av1Header header;
  header.continues_obu = (payload[0] & 0x80) != 0;
  header.last_obu_continues = (payload[0] & 0x40) != 0;
  header.element_count = (payload[0] >> 4) & 0x03;
  header.new_sequence = (payload[0] & 0x08) != 0;
  // A coded video sequence cannot begin in the middle of an OBU.
  if (header.new_sequence && header.continues_obu) {
    return std::nullopt;
  }
  return header;
}

bool is_av1_keyframe(Bytes payload) {
  const auto header = parse_av1(payload);
  return header && header->new_sequence;
}

}  // namespace cardea::rtp
