#include "core/base/random.hpp"

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <sys/random.h>

namespace cardea {

void random_bytes(MutableBytes out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got > 0) {
      out = out.subspan(static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      std::abort();  // No entropy source: every id and key from here on would be guessable.
    }
  }
}

std::uint64_t random_id() {
  constexpr std::uint64_t kMask = (std::uint64_t{1} << 53) - 1;
  std::uint64_t id = 0;
  while (id == 0) {
    std::uint64_t raw = 0;
    random_bytes({reinterpret_cast<std::uint8_t*>(&raw), sizeof raw});
    id = raw & kMask;
  }
  return id;
}

std::string random_text(std::size_t length) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> raw(length);
  random_bytes(raw);
  std::string text(length, '\0');
  for (std::size_t i = 0; i < length; ++i) {
    text[i] = kAlphabet[raw[i] & 63U];
  }
  return text;
}

}  // namespace cardea
