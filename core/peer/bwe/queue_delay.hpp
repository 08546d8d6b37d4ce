// How long packets stand in a queue on the path: the one-way delay above its least value.
#pragma once

#include <algorithm>
#include <optional>

#include "core/base/time.hpp"

namespace cardea::peer {

/// The least value of the last one to two half windows.
class WindowedMin {
 public:
  explicit WindowedMin(Duration half) : half_(half) {}

  void add(Duration value, Time now) {
    if (now - since_ >= half_) {
      // After a pause of two halves nothing of what was known is recent.
      last_ = now - since_ < 2 * half_ ? now_ : kNone;
      now_ = kNone;
      since_ = now;
    }
    now_ = std::min(now_, value);
  }
  [[nodiscard]] Duration min() const { return std::min(last_, now_); }
  /// Only `value` is known.
  void reset(Duration value) {
    last_ = kNone;
    now_ = value;
  }

 private:
  static constexpr Duration kNone = Duration::max();

  Duration half_;
  Time since_;
  Duration last_ = kNone;
  Duration now_ = kNone;
};

/// Sans-IO. A minimum over some packets is what tells a queue from jitter: jitter lets some through
/// fast, a queue none. The trend alone would not see a queue that is full and stays so.
class QueueDelay {
 public:
  /// @param way arrival by the remote's clock less sending by ours: any offset, little drift.
  void add(Duration way, Time now) {
    base_.add(way, now);
    recent_.add(way, now);
    known_ = true;
  }
  /// How long even the fastest of the last packets stood.
  [[nodiscard]] Duration standing() const {
    return known_ ? recent_.min() - base_.min() : Duration();
  }
  /// The delay of now is that of the path: a queue that others keep full, or another route.
  void accept() { base_.reset(recent_.min()); }

 private:
  // Clocks drift 100 us a second at most; a route's delay is learnt anew in 20 s.
  WindowedMin base_{std::chrono::seconds(10)};
  WindowedMin recent_{std::chrono::milliseconds(120)};
  bool known_ = false;
};

}  // namespace cardea::peer
