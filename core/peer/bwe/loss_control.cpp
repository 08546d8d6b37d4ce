// Loss per interval against two thresholds.
#include "core/peer/bwe/loss_control.hpp"

#include <algorithm>
#include <cmath>

namespace cardea::peer {

namespace {

// draft-ietf-rmcat-gcc-02 6.
constexpr double kMuch = 0.10;
constexpr double kLittle = 0.02;
// Between the two the draft holds, for ever where a radio always loses 5 %. Without a queue a
// little more is tried each second.
constexpr double kTry = 1.02;
constexpr Duration kInterval = std::chrono::milliseconds(250);
// Fewer make 5 % of one packet.
constexpr std::int64_t kLeastPackets = 20;
// The answer to a decrease cannot be seen sooner, beyond the round trip.
constexpr Duration kSettle = std::chrono::milliseconds(300);
// Per interval: half of it is of the last second. Chance makes 10 % out of 5 % in one sample of 40
// packets, in ten of them never.
constexpr double kSmoothing = 0.85;
// The test whether what arrives follows the rate.
constexpr double kLowerBy = 0.6;
constexpr double kLessArrives = 0.8;

double seconds(Duration d) { return static_cast<double>(d.count()) / 1e6; }

}  // namespace

void LossControl::count(const rtp::PacketResult& result) {
  received_ += result.received ? 1 : 0;
  lost_ += result.received ? (result.was_lost ? -1 : 0) : 1;
}

void LossControl::update(const Input& in, Time now) {
  if (now - judged_ < kInterval || received_ + lost_ < kLeastPackets) {
    return;
  }
  const double fraction = std::max(0.0, static_cast<double>(lost_)) /
                          static_cast<double>(received_ + std::max<std::int64_t>(lost_, 0));
  received_ = lost_ = 0;
  sample(fraction, in, now);
}

void LossControl::sample(double fraction, const Input& in, Time now) {
  const Duration passed =
      judged_ == Time() ? kInterval : std::min<Duration>(now - judged_, std::chrono::seconds(2));
  judged_ = now;
  const double kept = std::pow(kSmoothing, seconds(passed) / seconds(kInterval));
  smoothed_ = kept * smoothed_ + (1 - kept) * fraction;
  if (fraction > kMuch && smoothed_ > kMuch) {
    lower(fraction, in, now);
  } else if (smoothed_ < kLittle) {
    first_rate_ = 0;
    bound_ = kNone;
  } else if (bound_ != kNone && smoothed_ < kMuch && in.queue_empty) {
    const double grown = static_cast<double>(bound_) * std::pow(kTry, seconds(passed));
    bound_ = static_cast<std::uint64_t>(grown);
  }
}

void LossControl::lower(double fraction, const Input& in, Time now) {
  if (now - std::max(lowered_, in.lowered) < in.round_trip + kSettle) {
    return;
  }
  if (first_rate_ == 0) {
    first_rate_ = in.rate;
    first_acked_ = in.acked;
  }
  if (independent(in)) {
    return;
  }
  const std::uint64_t from = std::min(bound_, in.rate);
  lowered_ = now;
  bound_ = static_cast<std::uint64_t>(static_cast<double>(from) * (1 - fraction / 2));
}

bool LossControl::independent(const Input& in) const {
  const auto part = [](std::uint64_t now, std::uint64_t first) {
    return static_cast<double>(now) / static_cast<double>(std::max<std::uint64_t>(first, 1));
  };
  return in.queue_empty && part(std::min(bound_, in.rate), first_rate_) < kLowerBy &&
         part(in.acked, first_acked_) < kLessArrives;
}

}  // namespace cardea::peer
