// Monotonic time as a value. Only the I/O layer reads a clock; everything else is told what time it
// is.
#pragma once

#include <chrono>

namespace cardea {

/// Microseconds since an arbitrary start (boot on a real server, zero in a simulation). Never wall
/// time.
struct MonotonicClock {
  using duration = std::chrono::microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicClock>;
  static constexpr bool is_steady = true;

  /// [any] Reads CLOCK_MONOTONIC. Called by event loops only; protocol code gets `now` as an
  /// argument.
  static time_point now() noexcept {
    return time_point(
        std::chrono::duration_cast<duration>(std::chrono::steady_clock::now().time_since_epoch()));
  }
};

using Duration = MonotonicClock::duration;
using Time = MonotonicClock::time_point;

}  // namespace cardea
