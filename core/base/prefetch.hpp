// Memory that is needed soon is asked for early.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cardea {

/// Asks for `size` bytes at `address`; nothing waits for them, and a wrong address is harmless.
inline void prefetch(const void* address, std::size_t size) {
  constexpr std::size_t kLine = 64;
  const auto* const bytes = static_cast<const std::uint8_t*>(address);
  for (std::size_t at = 0; at < size; at += kLine) {
    __builtin_prefetch(bytes + at);
  }
}

}  // namespace cardea
