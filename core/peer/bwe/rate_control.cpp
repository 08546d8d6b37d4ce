// Multiplicative increase far from convergence, additive near it, back-off to a part of what got
// through.
#include "core/peer/bwe/rate_control.hpp"

#include <algorithm>
#include <cmath>

namespace cardea::peer {

namespace {

using std::chrono::milliseconds;

// draft-ietf-rmcat-gcc-02 5.5 and 5.6.
constexpr double kBackOff = 0.85;          // beta
constexpr double kGrowth = 1.08;           // eta, per second
constexpr double kMostOverReceived = 1.5;  // A_hat stays below 1.5 R_hat
constexpr double kSmoothing = 0.95;        // of the average maximum
constexpr double kNearDeviations = 3;
constexpr double kReactionSeconds = 0.1;  // the detector's part of response_time
constexpr double kFramesPerSecond = 30;   // for expected_packet_size_bits
constexpr double kPacketBits = 1200 * 8;
// So that 1.5 times nearly nothing still grows.
constexpr double kSlack = 10'000;
// At least this part, so that a back-off stays near: growth from there in equal steps, not in equal
// parts, is what makes flows on one link share it fairly (Chiu and Jain, 1989).
constexpr double kLeastSpread = (1 - kBackOff) / kNearDeviations + 0.005;

// Over-use without even so much of a queue is jitter that the trend mistook.
constexpr Duration kSomeQueue = milliseconds(12);
// More is not sent while so much stands: it would only stand longer.
constexpr Duration kFullEnough = milliseconds(30);
// A flat trend and such a queue: it is full to the brim.
constexpr Duration kStandingQueue = milliseconds(70);
// Time in which a back-off can be seen to work, beyond the round trip: it drains a queue of 200 ms
// by 15 % a second, and feedback comes each 50 to 250 ms.
constexpr Duration kSettle = milliseconds(200);
constexpr int kPatience = 8;

double seconds(Duration d) { return static_cast<double>(d.count()) / 1e6; }

}  // namespace

double LinkCapacity::spread() const {
  return kNearDeviations * std::max(std::sqrt(variance_), kLeastSpread * mean_);
}

void LinkCapacity::full(double acked) {
  if (!known_ || acked < mean_ - spread()) {
    mean_ = acked;
    variance_ = 0;
    known_ = true;
    return;
  }
  const double off = acked - mean_;
  mean_ += (1 - kSmoothing) * off;
  variance_ = kSmoothing * variance_ + (1 - kSmoothing) * off * off;
}

bool LinkCapacity::near(double acked) const { return known_ && acked >= mean_ - spread(); }

void LinkCapacity::check(double acked) { known_ = known_ && acked <= mean_ + spread(); }

bool RateControl::must_decrease(const Input& in, Time now) {
  if (in.queue < kFullEnough) {
    decreases_in_queue_ = 0;
  }
  const bool grows = in.signal == DelaySignal::Overuse && in.queue >= kSomeQueue;
  if (!grows && (in.queue < kStandingQueue || in.signal == DelaySignal::Underuse)) {
    return false;
  }
  return now - decreased_ >= in.round_trip + kSettle;
}

void RateControl::decrease(const Input& in, Time now) {
  const double acked = in.acked ? as_double(*in.acked) : rate_;
  if (in.acked) {
    capacity_.full(acked);
  }
  rate_ = std::clamp(kBackOff * acked, std::min(rate_, as_double(bounds_.min)), rate_);
  decreased_ = now;
  foreign_queue_ = ++decreases_in_queue_ >= kPatience;
}

void RateControl::increase(const Input& in, Duration passed) {
  const double acked = in.acked ? as_double(*in.acked) : rate_;
  capacity_.check(acked);
  const double dt = std::min(seconds(passed), 1.0);
  double wanted = rate_;
  if (capacity_.near(acked)) {
    // Half a packet per response time.
    const double frame = rate_ / kFramesPerSecond;
    const double packet = frame / std::ceil(frame / kPacketBits);
    wanted += packet / 2 * dt / (seconds(in.round_trip) + kReactionSeconds);
  } else {
    wanted *= std::pow(kGrowth, dt);
  }
  // What was not tried is not known; but a rate that was found by probing stays.
  const double most = std::max(rate_, kMostOverReceived * acked + kSlack);
  rate_ = std::min({wanted, most, as_double(bounds_.max)});
}

void RateControl::update(const Input& in, Time now) {
  const Duration passed = updated_ == Time() ? Duration() : now - updated_;
  updated_ = now;
  if (must_decrease(in, now)) {
    decrease(in, now);
  } else if (in.signal == DelaySignal::Normal && in.queue < kFullEnough) {
    increase(in, passed);
  }
}

void RateControl::raise(std::uint64_t bitrate) { set(std::max(rate(), bitrate)); }

void RateControl::set(std::uint64_t bitrate) {
  rate_ = as_double(std::clamp(bitrate, bounds_.min, bounds_.max));
}

bool RateControl::take_foreign_queue() {
  const bool foreign = foreign_queue_;
  foreign_queue_ = false;
  if (foreign) {
    decreases_in_queue_ = 0;
  }
  return foreign;
}

}  // namespace cardea::peer
