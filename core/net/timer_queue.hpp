// Callbacks by deadline. Sans-IO: the caller says what time it is.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/base/time.hpp"

namespace cardea::net {

/// Names a scheduled timer; never used twice. Zero names none.
using TimerId = std::uint64_t;

/// One thread. Callbacks may schedule and cancel, themselves included.
class TimerQueue {
 public:
  using Callback = std::function<void()>;

  /// One shot at `deadline`; equal deadlines run in the order of scheduling.
  TimerId schedule(Time deadline, Callback callback);
  /// False when it has run already, was cancelled, or never was.
  bool cancel(TimerId id);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  /// Runs what is due at `now`. What a callback schedules waits for the next run(), even when due.
  /// @returns how many ran.
  std::size_t run(Time now);
  [[nodiscard]] std::size_t size() const { return by_deadline_.size(); }

 private:
  using Key = std::pair<Time, TimerId>;
  std::map<Key, Callback> by_deadline_;
  std::unordered_map<TimerId, Time> deadlines_;
  TimerId last_id_ = 0;
};

}  // namespace cardea::net
