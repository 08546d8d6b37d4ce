#include "core/base/utf8.hpp"

#include <cstdint>

namespace cardea {
namespace {

/// What a first byte says of its character: bytes that follow, and the range of the first of them.
struct Lead {
  std::uint8_t more;
  std::uint8_t low;
  std::uint8_t high;
};

constexpr Lead lead_of(std::uint8_t first) {
  if (first >= 0xC2 && first <= 0xDF) {
    return {1, 0x80, 0xBF};
  }
  if (first >= 0xE0 && first <= 0xEF) {
    const bool lowest = first == 0xE0;
    const bool surrogates = first == 0xED;
    return {2, static_cast<std::uint8_t>(lowest ? 0xA0 : 0x80),
            static_cast<std::uint8_t>(surrogates ? 0x9F : 0xBF)};
  }
  if (first >= 0xF0 && first <= 0xF4) {
    return {3, static_cast<std::uint8_t>(first == 0xF0 ? 0x90 : 0x80),
            static_cast<std::uint8_t>(first == 0xF4 ? 0x8F : 0xBF)};
  }
  return {0, 0, 0};
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<std::uint8_t>(text[i++]);
    if (first < 0x80) {
      continue;
    }
    const Lead lead = lead_of(first);
    if (lead.more == 0 || text.size() - i < lead.more) {
      return false;
    }
    for (std::uint8_t k = 0; k < lead.more; ++k) {
      const auto next = static_cast<std::uint8_t>(text[i++]);
      if (next < (k == 0 ? lead.low : 0x80) || next > (k == 0 ? lead.high : 0xBF)) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace cardea
