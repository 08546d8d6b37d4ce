// Least squares over the smoothed delay, then the over-use detector.
#include "core/peer/bwe/delay_detector.hpp"

#include <algorithm>
#include <cmath>

namespace cardea::peer {

namespace {

// Weight of what was: a single late group moves the delay by a tenth of its lateness.
constexpr double kSmoothing = 0.9;
// The slope is a number without unit; times the groups it was seen over, and a gain found by
// experiment in the paper, it is comparable with a threshold in ms. More groups tell no more.
constexpr double kGain = 4;
constexpr std::size_t kMostGroups = 60;
// draft-ietf-rmcat-gcc-02 5.6.
constexpr double kOveruseTime = 10;  // overuse_time_th, ms
constexpr double kUp = 0.01;         // K_u
constexpr double kDown = 0.00018;    // K_d
constexpr double kLeastThreshold = 6;
constexpr double kGreatestThreshold = 600;
// An excursion further beyond the threshold than this is one event, e.g. a route change, and says
// nothing of the noise that the threshold follows.
constexpr double kOutlier = 15;
constexpr double kLongestStep = 100;  // ms between two adaptations that count

double to_ms(Duration d) { return static_cast<double>(d.count()) / 1000; }

}  // namespace

void DelayDetector::add(const GroupDelta& delta) {
  if (groups_ == 0) {
    first_ = adapted_ = delta.arrival;
  }
  delay_ += to_ms(delta.variation());
  smoothed_ = kSmoothing * smoothed_ + (1 - kSmoothing) * delay_;
  points_[groups_ % kPoints] = {to_ms(delta.arrival - first_), smoothed_};
  ++groups_;
  if (groups_ < kPoints) {
    return;
  }
  last_trend_ = trend_;
  trend_ = static_cast<double>(std::min(groups_, kMostGroups)) * slope() * kGain;
  judge(to_ms(delta.sent));
  adapt(delta.arrival);
}

double DelayDetector::slope() const {
  double mean_at = 0;
  double mean_delay = 0;
  for (const Point& p : points_) {
    mean_at += p.at / kPoints;
    mean_delay += p.delay / kPoints;
  }
  double product = 0;
  double square = 0;
  for (const Point& p : points_) {
    product += (p.at - mean_at) * (p.delay - mean_delay);
    square += (p.at - mean_at) * (p.at - mean_at);
  }
  return square > 0 ? product / square : 0;
}

// draft-ietf-rmcat-gcc-02 5.4: over-use must last, and must not be on its way back.
void DelayDetector::judge(double sent_ms) {
  if (trend_ > threshold_) {
    over_for_ += over_count_ == 0 ? sent_ms / 2 : sent_ms;
    ++over_count_;
    if (over_for_ > kOveruseTime && over_count_ > 1 && trend_ >= last_trend_) {
      over_for_ = 0;
      over_count_ = 0;
      signal_ = DelaySignal::Overuse;
    }
    return;
  }
  over_for_ = 0;
  over_count_ = 0;
  signal_ = trend_ < -threshold_ ? DelaySignal::Underuse : DelaySignal::Normal;
}

// A fixed threshold would either starve beside TCP or see nothing: it follows the noise.
void DelayDetector::adapt(Time arrival) {
  const double size = std::abs(trend_);
  const double passed = std::min(to_ms(arrival - adapted_), kLongestStep);
  adapted_ = arrival;
  if (size > threshold_ + kOutlier) {
    return;
  }
  const double rate = size < threshold_ ? kDown : kUp;
  threshold_ = std::clamp(threshold_ + passed * rate * (size - threshold_), kLeastThreshold,
                          kGreatestThreshold);
}

}  // namespace cardea::peer
