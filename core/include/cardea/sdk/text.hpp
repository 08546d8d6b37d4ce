// Texts of clients in texts of ours.
#pragma once

#include <string>
#include <string_view>

namespace cardea::sdk {

/// What a client wrote, as an error repeats it: not longer than people read, and still UTF-8.
inline std::string echoed(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  if (text.size() <= kLongest) {
    return std::string(text);
  }
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;  // within a character
  }
  return std::string(text.substr(0, end)) + "...";
}

}  // namespace cardea::sdk
