// A ring of slots of 25 ms.
#include "core/peer/bwe/rate_meter.hpp"

#include <algorithm>

namespace cardea::peer {

void RateMeter::add(Time at, std::size_t bytes) {
  const std::int64_t slot = at.time_since_epoch() / kSlot;
  const auto slots = static_cast<std::int64_t>(kSlots);
  if (!started_ || slot >= newest_ + slots || slot + slots <= newest_) {
    // The first, after a pause, or another clock.
    slots_.fill(0);
    first_ = newest_ = slot;
    started_ = true;
  }
  while (newest_ < slot) {
    slots_[static_cast<std::size_t>(++newest_) % kSlots] = 0;
  }
  slots_[static_cast<std::size_t>(slot) % kSlots] += static_cast<std::uint32_t>(bytes);
}

std::optional<std::uint64_t> RateMeter::rate(Duration window) const {
  constexpr std::int64_t kLeast = kSlots / 5;
  // The newest slot is still filling and is left out; the one that the meter began in was not
  // whole.
  const std::int64_t known = newest_ - first_ - 1;
  const std::int64_t count = std::min<std::int64_t>(window / kSlot - 1, known);
  if (!started_ || count < kLeast) {
    return std::nullopt;
  }
  std::uint64_t bytes = 0;
  for (std::int64_t i = 1; i <= count; ++i) {
    bytes += slots_[static_cast<std::size_t>(newest_ - i) % kSlots];
  }
  const auto us = static_cast<std::uint64_t>(count * kSlot.count());
  return bytes * 8'000'000 / us;
}

}  // namespace cardea::peer
