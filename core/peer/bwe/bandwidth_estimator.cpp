// Joins the parts of the congestion control: who bounds whom, and when to probe.
#include "core/peer/bwe/bandwidth_estimator.hpp"

#include <algorithm>
#include <cmath>

namespace cardea::peer {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// First probes, in times of the start rate. A path that carries six times is found in two round
// trips; by growth of 8 % a second it would take 24 s.
constexpr std::uint64_t kFirstProbe = 3;
constexpr std::uint64_t kSecondProbe = 6;
// A probe that carried this part of its rate is worth another of twice the rate.
constexpr double kWorthMore = 0.7;
constexpr Duration kLeastProbeInterval = seconds(1);
// A viewer whose link came back waits no longer than this for the first step up. One probe costs a
// link of 300 kbit/s 40 ms of queue.
constexpr Duration kMostProbeInterval = seconds(4);
// The estimate was too high a moment ago: higher is no question.
constexpr Duration kQuiet = seconds(3);
constexpr Duration kLongQuiet = seconds(5);
constexpr double kFillsEstimate = 0.8;
constexpr double kFellFar = 0.66;
constexpr Duration kRemember = seconds(60);
constexpr Duration kEmptyQueue = milliseconds(15);

// Feedback comes each 250 ms at least.
constexpr Duration kStall = milliseconds(1000);
constexpr Duration kHalve = milliseconds(1000);

// Fall-back: growth and bounds by receiver reports (draft-ietf-rmcat-gcc-02 6).
constexpr double kGrowth = 1.08;
constexpr double kLittleLoss = 0.02;

constexpr double kNoticeableLoss = 0.01;

}  // namespace

BandwidthEstimator::BandwidthEstimator(const RateBounds& bounds)
    : bounds_(bounds),
      rate_(bounds),
      wanted_(bounds.max),
      unmeasured_(static_cast<double>(bounds.start)),
      probe_interval_(kLeastProbeInterval) {}

std::uint64_t BandwidthEstimator::estimate() const {
  std::uint64_t rate = rate_.rate();
  if (fed_back_ == Time()) {
    rate = remb_ ? *remb_ : static_cast<std::uint64_t>(unmeasured_);
  }
  rate = std::min({rate, loss_.bound(), remb_.value_or(bounds_.max)});
  return std::clamp(rate, bounds_.min, bounds_.max);
}

void BandwidthEstimator::sent(std::size_t bytes, std::uint16_t probe_cluster, Time now) {
  sent_.add(now, bytes);
  if (sent_since_feedback_ == Time()) {
    sent_since_feedback_ = now;
  }
  if (probe_cluster != 0) {
    prober_.sent(bytes, now);
  }
}

void BandwidthEstimator::feedback(std::span<const rtp::PacketResult> results, Time now) {
  if (stalled()) {
    wake(now);
  }
  for (const rtp::PacketResult& result : results) {
    // A feedback packet got lost: what it would have told of is missing in what was received.
    if (result.seq > told_to_ + 1) {
      acked_ = {};
    }
    told_to_ = std::max(told_to_, result.seq);
    if (result.sent >= woken_) {
      loss_.count(result);
    }
    prober_.result(result);
    if (result.received) {
      arrived(result);
    }
  }
  fed_back_ = now;
  sent_since_feedback_ = Time();
  control(now);
  if (const auto result = prober_.take_result(now)) {
    probed(*result, now);
  }
}

void BandwidthEstimator::arrived(const rtp::PacketResult& result) {
  acked_.add(result.arrived, result.size);
  queue_.add(result.arrived - result.sent, result.sent);
  if (const auto delta = groups_.add(result.sent, result.arrived)) {
    detector_.add(*delta);
  }
}

LossControl::Input BandwidthEstimator::loss_input() const {
  return {estimate(), acked_.rate().value_or(0), queue_.standing() < kEmptyQueue, round_trip_,
          rate_.last_decrease()};
}

void BandwidthEstimator::control(Time now) {
  RateControl::Input in;
  in.signal = detector_.signal();
  in.queue = queue_.standing();
  in.round_trip = round_trip_;
  in.acked = acked_.rate();
  // A link that fell is told sooner by a short window; one that did not, more steadily by a long
  // one.
  const auto lately = acked_.rate(RateMeter::kWindow / 2);
  if (lately && in.acked &&
      static_cast<double>(*lately) < kFellFar * static_cast<double>(*in.acked)) {
    in.acked = lately;
  }
  rate_.update(in, now);
  if (rate_.take_foreign_queue()) {
    queue_.accept();
  }
  loss_.update(loss_input(), now);
  rate_.limit(loss_.bound());
  if (estimate() >= best_ || now - best_at_ > kRemember) {
    best_ = estimate();
    best_at_ = now;
  }
}

// A path that was silent is the same path mostly: what is sent goes on, else half of what it had is
// a careful start, and a probe tells of the rest.
void BandwidthEstimator::wake(Time now) {
  const std::uint64_t sent = sent_.rate().value_or(0);
  rate_.set(std::max({rate_.rate(), stalled_rate_ / 2, std::min(stalled_rate_, sent + sent / 4)}));
  prober_.cancel();
  prober_.request(std::min(stalled_rate_, probe_limit()));
  next_probe_ = now + kLeastProbeInterval;
  stalled_rate_ = 0;
  woken_ = now;
}

void BandwidthEstimator::receiver_report(std::uint8_t fraction_lost, Time now) {
  if (fed_back_ != Time()) {
    return;
  }
  const double fraction = fraction_lost / 256.0;
  // Without arrival times an empty queue cannot be told from a full one.
  LossControl::Input in = loss_input();
  in.queue_empty = false;
  loss_.sample(fraction, in, now);
  if (reported_ != Time() && fraction < kLittleLoss) {
    const Duration passed = std::min<Duration>(now - reported_, seconds(5));
    unmeasured_ *= std::pow(kGrowth, static_cast<double>(passed.count()) / 1e6);
    unmeasured_ = std::min(unmeasured_, static_cast<double>(bounds_.max));
  }
  unmeasured_ = std::min(unmeasured_, static_cast<double>(loss_.bound()));
  reported_ = now;
}

void BandwidthEstimator::remb(std::uint64_t bitrate) {
  remb_ = std::clamp(bitrate, bounds_.min, bounds_.max);
}

std::uint64_t BandwidthEstimator::probe_limit() const {
  return std::min(wanted_ + wanted_ / 2, bounds_.max);
}

void BandwidthEstimator::probed(const ProbeResult& result, Time now) {
  const std::uint64_t before = rate_.rate();
  rate_.raise(result.measured);
  const bool carried =
      static_cast<double>(result.measured) > kWorthMore * static_cast<double>(result.probed);
  if (carried && result.measured > before && rate_.rate() < probe_limit()) {
    prober_.request(std::min(2 * result.measured, probe_limit()));
  }
  probe_interval_ = result.measured > before
                        ? kLeastProbeInterval
                        : std::min<Duration>(2 * probe_interval_, kMostProbeInterval);
  next_probe_ = now + probe_interval_;
}

// A sender that fills its estimate finds more by growing, and probes would only take from others on
// the same link. One that sends far less, or had far more a moment ago, would find it too slowly;
// the second waits longer, since the others may be why.
bool BandwidthEstimator::worth_probing(Time now) const {
  const auto share = [](std::uint64_t of, double part) { return static_cast<double>(of) * part; };
  const Duration quiet = now - rate_.last_decrease();
  const double sent = static_cast<double>(sent_.rate().value_or(0));
  if (sent < share(estimate(), kFillsEstimate)) {
    return quiet >= kQuiet;
  }
  return static_cast<double>(estimate()) < share(best_, kFellFar) && quiet >= kLongQuiet;
}

bool BandwidthEstimator::probe_due(Time now) const {
  return prober_.idle() && now >= next_probe_ && estimate() < probe_limit() && worth_probing(now) &&
         detector_.signal() == DelaySignal::Normal && queue_.standing() < kEmptyQueue &&
         loss_.bound() == LossControl::kNone && !stalled();
}

void BandwidthEstimator::poll(Time now) {
  if (!started_) {
    started_ = true;
    prober_.request(std::min(kFirstProbe * bounds_.start, probe_limit()));
    prober_.request(std::min(kSecondProbe * bounds_.start, probe_limit()));
    next_probe_ = now + kLeastProbeInterval;
  } else if (fed_back_ != Time() && probe_due(now)) {
    prober_.request(std::min(2 * estimate(), probe_limit()));
    // If nobody sends it, or nobody tells of it.
    next_probe_ = now + kMostProbeInterval;
  }
  const bool silent =
      fed_back_ != Time() && sent_since_feedback_ != Time() && now - sent_since_feedback_ >= kStall;
  if (silent && now - halved_ >= kHalve) {
    stalled_rate_ = stalled() ? stalled_rate_ : rate_.rate();
    rate_.set(rate_.rate() / 2);
    halved_ = now;
  }
}

bool BandwidthEstimator::noticeable_loss() const { return loss_.fraction() > kNoticeableLoss; }

bool BandwidthEstimator::has_room() const {
  const auto sent = sent_.rate();
  return sent && estimate() >= *sent + *sent / 4;
}

bool BandwidthEstimator::calm() const {
  return detector_.signal() != DelaySignal::Overuse && queue_.standing() < kEmptyQueue;
}

}  // namespace cardea::peer
