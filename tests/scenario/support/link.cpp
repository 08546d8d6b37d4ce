// The queue is a time: when the link will have sent all that it took.
#include "tests/scenario/support/link.hpp"

#include <algorithm>

namespace cardea::scenario {

Duration Link::queued(Time now) const { return std::max(busy_until_ - now, Duration()); }

void Link::send(std::uint32_t flow, std::uint16_t seq, std::uint32_t size, Time now) {
  const Duration wait = queued(now);
  if (settings_.bitrate == 0 || wait > settings_.queue) {
    ++dropped_;
    return;
  }
  const auto bits = static_cast<std::int64_t>(size) * 8;
  const Duration takes(bits * 1'000'000 / static_cast<std::int64_t>(settings_.bitrate));
  busy_until_ = now + wait + takes;
  if (chance() < settings_.loss) {
    return;
  }
  Time arrival = busy_until_ + settings_.delay;
  const auto most = static_cast<double>(settings_.jitter.count());
  arrival += Duration(static_cast<std::int64_t>(most * chance()));
  if (chance() < settings_.reorder) {
    arrival += std::chrono::milliseconds(10);
  } else {
    arrival = last_arrival_ = std::max(arrival, last_arrival_);
  }
  under_way_.push_back({flow, seq, size, arrival});
}

std::optional<LinkPacket> Link::receive(Time now) {
  const auto first = std::min_element(
      under_way_.begin(), under_way_.end(),
      [](const LinkPacket& a, const LinkPacket& b) { return a.arrival < b.arrival; });
  if (first == under_way_.end() || first->arrival > now) {
    return std::nullopt;
  }
  const LinkPacket packet = *first;
  under_way_.erase(first);
  return packet;
}

}  // namespace cardea::scenario
