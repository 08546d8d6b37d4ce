// Callbacks by deadline, in a sorted map: a loop has tens to thousands of timers, not millions.
#include "core/net/timer_queue.hpp"

namespace cardea::net {

TimerId TimerQueue::schedule(Time deadline, Callback callback) {
  const TimerId id = ++last_id_;
  by_deadline_.emplace(Key(deadline, id), std::move(callback));
  deadlines_.emplace(id, deadline);
  return id;
}

bool TimerQueue::cancel(TimerId id) {
  const auto found = deadlines_.find(id);
  if (found == deadlines_.end()) {
    return false;
  }
  by_deadline_.erase(Key(found->second, id));
  deadlines_.erase(found);
  return true;
}

std::optional<Time> TimerQueue::next_deadline() const {
  if (by_deadline_.empty()) {
    return std::nullopt;
  }
  return by_deadline_.begin()->first.first;
}

std::size_t TimerQueue::run(Time now) {
  const TimerId newest = last_id_;
  std::size_t ran = 0;
  // Restarts from the front each time, because a callback may cancel whichever comes next.
  auto next = by_deadline_.begin();
  while (next != by_deadline_.end() && next->first.first <= now) {
    if (next->first.second > newest) {
      ++next;
      continue;
    }
    const Callback callback = std::move(next->second);
    deadlines_.erase(next->first.second);
    by_deadline_.erase(next);
    callback();
    ++ran;
    next = by_deadline_.begin();
  }
  return ran;
}

}  // namespace cardea::net
