// Tells from the trend of the one-way delay whether a queue on the path grows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/time.hpp"
#include "core/peer/bwe/arrival_groups.hpp"

namespace cardea::peer {

enum class DelaySignal : std::uint8_t { Normal, Overuse, Underuse };

/// Sans-IO. The slope of a line through the last delays (Carlucci et al., "Congestion Control for
/// Web Real-Time Communication", 2017, the successor of the Kalman filter of
/// draft-ietf-rmcat-gcc-02 5.3), against the adaptive threshold of draft-ietf-rmcat-gcc-02 5.4.
class DelayDetector {
 public:
  void add(const GroupDelta& delta);
  [[nodiscard]] DelaySignal signal() const { return signal_; }
  /// For traces. ms
  [[nodiscard]] double trend() const { return trend_; }
  [[nodiscard]] double threshold() const { return threshold_; }

 private:
  static constexpr std::size_t kPoints = 20;
  struct Point {
    double at = 0;     // ms since the first
    double delay = 0;  // ms, smoothed
  };

  [[nodiscard]] double slope() const;
  void judge(double sent_ms);
  void adapt(Time arrival);

  std::array<Point, kPoints> points_{};
  std::size_t groups_ = 0;
  Time first_;
  double delay_ = 0;
  double smoothed_ = 0;
  // All in ms, as gamma_1 and m(i) of the draft.
  double trend_ = 0;
  double last_trend_ = 0;
  double threshold_ = 12.5;  // del_var_th(0)
  double over_for_ = 0;
  int over_count_ = 0;
  Time adapted_;
  DelaySignal signal_ = DelaySignal::Normal;
};

}  // namespace cardea::peer
