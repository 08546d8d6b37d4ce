// The rate that the delay allows: grows until a queue does, then falls below what went through.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/base/time.hpp"
#include "core/peer/bwe/delay_detector.hpp"

namespace cardea::peer {

/// Bounds of an estimate. bit/s
struct RateBounds {
  std::uint64_t start = 300'000;
  std::uint64_t min = 30'000;
  std::uint64_t max = 10'000'000;
};

/// Average and spread of what the link let through when it was full ("near convergence" of
/// draft-ietf-rmcat-gcc-02 5.5).
class LinkCapacity {
 public:
  void full(double acked);
  /// So little below what fills the link that only small steps are safe.
  [[nodiscard]] bool near(double acked) const;
  /// More goes through than ever filled it: it is another link now.
  void check(double acked);

 private:
  [[nodiscard]] double spread() const;

  double mean_ = 0;
  double variance_ = 0;
  bool known_ = false;
};

/// Sans-IO: the state machine of draft-ietf-rmcat-gcc-02 5.5, with what the standing queue says
/// beside the trend.
class RateControl {
 public:
  struct Input {
    DelaySignal signal = DelaySignal::Normal;
    /// QueueDelay::standing().
    Duration queue{};
    /// What the remote received. bit/s
    std::optional<std::uint64_t> acked;
    Duration round_trip{};
  };

  explicit RateControl(const RateBounds& bounds)
      : bounds_(bounds), rate_(as_double(bounds.start)) {}

  void update(const Input& in, Time now);
  /// A measurement of the path, e.g. by a probe, allows more.
  void raise(std::uint64_t bitrate);
  /// Something else than delay allows less: growth begins from there.
  void limit(std::uint64_t bitrate) { rate_ = std::min(rate_, as_double(bitrate)); }
  /// Sets it, e.g. after a time without feedback.
  void set(std::uint64_t bitrate);

  [[nodiscard]] std::uint64_t rate() const { return static_cast<std::uint64_t>(rate_); }
  [[nodiscard]] Time last_decrease() const { return decreased_; }
  /// Backed off again and again, and the queue did not care: it is not ours. Clears the note.
  bool take_foreign_queue();

 private:
  static double as_double(std::uint64_t bitrate) { return static_cast<double>(bitrate); }
  [[nodiscard]] bool must_decrease(const Input& in, Time now);
  void decrease(const Input& in, Time now);
  void increase(const Input& in, Duration passed);

  RateBounds bounds_;
  double rate_;
  LinkCapacity capacity_;
  Time updated_;
  Time decreased_;
  int decreases_in_queue_ = 0;
  bool foreign_queue_ = false;
};

}  // namespace cardea::peer
