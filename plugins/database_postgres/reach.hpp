// Whether the server can be reached: after a failed attempt all connections wait before the next.
#pragma once

#include <algorithm>
#include <chrono>
#include <mutex>

namespace cardea::database_postgres {

/// [any]
class Reach {
 public:
  using Clock = std::chrono::steady_clock;

  /// False while it is too early for another attempt.
  bool may_try() {
    const std::scoped_lock lock(mutex_);
    return Clock::now() >= next_;
  }
  /// @returns whether this is news.
  bool failed() {
    const std::scoped_lock lock(mutex_);
    const bool news = wait_ == Clock::duration::zero();
    wait_ = std::clamp<Clock::duration>(wait_ * 2, kShortest, kLongest);
    next_ = Clock::now() + wait_;
    return news;
  }
  /// @returns whether this is news.
  bool succeeded() {
    const std::scoped_lock lock(mutex_);
    const bool news = wait_ != Clock::duration::zero();
    wait_ = Clock::duration::zero();
    return news;
  }

 private:
  static constexpr Clock::duration kShortest = std::chrono::milliseconds(100);
  static constexpr Clock::duration kLongest = std::chrono::seconds(5);

  std::mutex mutex_;
  Clock::time_point next_{};
  Clock::duration wait_{};
};

}  // namespace cardea::database_postgres
