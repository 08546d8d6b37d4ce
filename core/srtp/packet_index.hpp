// The 48-bit packet index from a 16-bit sequence number (RFC 3711 3.3.1).
#pragma once

#include <cstdint>

namespace cardea::srtp {

/// The index with this sequence number that is nearest to `highest`. Near the start it never goes
/// below zero: such a number counts as not wrapped yet.
constexpr std::uint64_t estimate_index(std::uint64_t highest, std::uint16_t sequence_number) {
  // Distance modulo 2^16, -32768 .. 32767.
  const auto step =
      static_cast<std::int16_t>(sequence_number - static_cast<std::uint16_t>(highest));
  const std::int64_t index = static_cast<std::int64_t>(highest) + step;
  return index < 0 ? sequence_number : static_cast<std::uint64_t>(index);
}

}  // namespace cardea::srtp
