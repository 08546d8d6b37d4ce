#include "core/rest/request_id.hpp"

#include <array>

#include "core/base/random.hpp"

namespace cardea::rest {

namespace {

constexpr std::size_t kLength = 36;

bool is_dash(std::size_t place) { return place == 8 || place == 13 || place == 18 || place == 23; }

bool is_uuid(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
  if (text.size() != kLength) {
    return false;
  }
  for (std::size_t i = 0; i < kLength; ++i) {
    if (is_dash(i) ? text[i] != '-' : kDigits.find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string request_id(std::string_view given) {
  if (is_uuid(given)) {
    return std::string(given);
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::uint8_t, 16> raw{};
  random_bytes(raw);
  raw[6] = static_cast<std::uint8_t>((raw[6] & 0x0FU) | 0x40U);
  raw[8] = static_cast<std::uint8_t>((raw[8] & 0x3FU) | 0x80U);
  std::string out;
  for (const std::uint8_t byte : raw) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
    if (is_dash(out.size())) {
      out += '-';
    }
  }
  return out;
}

}  // namespace cardea::rest
