// Random numbers for ids, and the comparison of secrets.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sys/random.h>

namespace cardea::sdk {

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
/// Sixteen hexadecimal digits for each of `words`: two are enough for what nobody may guess.
inline std::string random_text(unsigned words = 2) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < words; ++i) {
    std::uint64_t value = random_number(64);
    for (int digit = 0; digit < 16; ++digit, value >>= 4) {
      out += kDigits[value & 15];
    }
  }
  return out;
}

/// Takes as long for a wrong secret as for the right one of its length.
inline bool same_secret(std::string_view expected, std::string_view given) {
  unsigned difference = expected.size() == given.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size() && !expected.empty(); ++i) {
    difference |= static_cast<unsigned char>(expected[i % expected.size()]) ^
                  static_cast<unsigned char>(given[i]);
  }
  return difference == 0;
}

}  // namespace cardea::sdk
