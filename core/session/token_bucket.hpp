// A rate with a burst: how many messages a connection may still send.
#pragma once

#include <algorithm>
#include <chrono>

#include "core/base/time.hpp"

namespace cardea::session {

/// Starts full. Time is passed in.
class TokenBucket {
 public:
  TokenBucket(double per_second, double burst, Time now)
      : per_second_(per_second), burst_(burst), tokens_(burst), filled_(now) {}

  /// True when there was a token, which is then gone.
  bool take(Time now) {
    tokens_ = available(now);
    filled_ = now;
    if (tokens_ < 1) {
      return false;
    }
    tokens_ -= 1;
    return true;
  }
  [[nodiscard]] double available(Time now) const {
    const double seconds = std::chrono::duration<double>(now - filled_).count();
    return std::min(burst_, tokens_ + std::max(0.0, seconds) * per_second_);
  }

 private:
  double per_second_;
  double burst_;
  double tokens_;
  Time filled_;
};

}  // namespace cardea::session
