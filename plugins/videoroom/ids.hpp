// Random numbers for rooms and participants, and the comparison of secrets.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string_view>

#include <sys/random.h>

namespace cardea::videoroom {

/// Uniform in 1 .. 2^bits-1, from the kernel.
inline std::uint64_t random_number(unsigned bits) {
  for (;;) {
    std::uint64_t value = 0;
    if (getrandom(&value, sizeof value, 0) != static_cast<ssize_t>(sizeof value)) {
      throw std::runtime_error("getrandom failed");
    }
    value >>= 64 - bits;
    if (value != 0) {
      return value;
    }
  }
}
/// Clients keep ids in JavaScript numbers, which are exact below 2^53.
inline std::uint64_t random_id() { return random_number(53); }
inline std::uint64_t random_private_id() { return random_number(32); }

/// Takes as long for a wrong secret as for the right one of its length.
inline bool same_secret(std::string_view expected, std::string_view given) {
  unsigned difference = expected.size() == given.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size() && !expected.empty(); ++i) {
    difference |= static_cast<unsigned char>(expected[i % expected.size()]) ^
                  static_cast<unsigned char>(given[i]);
  }
  return difference == 0;
}

}  // namespace cardea::videoroom
