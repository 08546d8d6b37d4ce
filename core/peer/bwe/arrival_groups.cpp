// Forms groups by time of sending and by bursts of arrival.
#include "core/peer/bwe/arrival_groups.hpp"

#include <algorithm>

namespace cardea::peer {

namespace {

using std::chrono::milliseconds;

constexpr Duration kBurst = milliseconds(5);
// A link that is always busy would else make one endless burst.
constexpr Duration kLongestBurst = milliseconds(100);
// No path holds packets up for so long: the remote's clock was set, or the stream stood still.
constexpr Duration kBroken = std::chrono::seconds(3);

}  // namespace

bool ArrivalGroups::belongs(Time sent, Time arrived) const {
  if (sent - current_.first_sent <= kBurst) {
    return true;
  }
  const Duration since_last = arrived - current_.last_arrival;
  const bool came_closer = since_last < sent - current_.last_sent;
  return since_last <= kBurst && came_closer && arrived - current_.first_arrival < kLongestBurst;
}

std::optional<GroupDelta> ArrivalGroups::add(Time sent, Time arrived) {
  if (current_.filled && sent < current_.first_sent) {
    return std::nullopt;  // told of late: its group is over
  }
  if (current_.filled && belongs(sent, arrived)) {
    current_.last_sent = std::max(current_.last_sent, sent);
    current_.last_arrival = std::max(current_.last_arrival, arrived);
    return std::nullopt;
  }
  std::optional<GroupDelta> delta;
  if (previous_.filled) {
    delta = GroupDelta{current_.last_sent - previous_.last_sent,
                       current_.last_arrival - previous_.last_arrival, current_.last_arrival};
  }
  previous_ = current_;
  current_ = {sent, sent, arrived, arrived, true};
  if (delta && (delta->variation() > kBroken || delta->variation() < -kBroken)) {
    reset();
    return std::nullopt;
  }
  // Reordered groups say nothing of a queue.
  return delta && delta->arrived >= Duration() ? delta : std::nullopt;
}

}  // namespace cardea::peer
