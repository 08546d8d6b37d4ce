// Joins the history of what was sent, the estimator and the padding of its probes.
#include "core/peer/congestion.hpp"

#include <algorithm>

namespace cardea::peer {
namespace {

// A viewer begins with what an ordinary line carries, as it would without congestion control, and
// a thin one is found out within some reports; the other way round every first picture would be
// the lowest layer.
constexpr RateBounds kBounds{3'000'000, 30'000, 100'000'000};
// Missing reports are looked for this often, as long as some came lately.
constexpr Duration kWatch = std::chrono::milliseconds(250);
constexpr Duration kLately = std::chrono::seconds(10);
// Where everything is sent twice little loss is seen, so copies go on for a while.
constexpr Duration kCopies = std::chrono::seconds(15);

}  // namespace

Congestion::Congestion() : estimator_(kBounds) { estimator_.set_wanted(kBounds.start); }

void Congestion::feedback(const rtp::TwccFeedback& feedback, Duration round_trip, Time now) {
  woken_ = woken_ || estimator_.stalled();
  estimator_.set_round_trip(round_trip);
  estimator_.feedback(numbers_.feedback(feedback, now), now);
  reported_ = now;
  judge_loss(now);
  poll(now);
}

void Congestion::judge_loss(Time now) {
  const bool room = estimator_.has_room();
  if (room && estimator_.calm() && estimator_.noticeable_loss()) {
    lost_at_ = now;
  }
  worth_copies_ = room && lost_at_ != Time() && now - lost_at_ < kCopies;
}

void Congestion::poll(Time now) {
  if (!known()) {
    return;
  }
  estimator_.poll(now);
  const bool waits = numbers_.in_flight() > 0 && now - reported_ < kLately;
  next_watch_ = waits ? now + kWatch : Time::max();
  follow_probe(now);
}

void Congestion::follow_probe(Time now) {
  const Probe* probe = estimator_.probe(now);
  const std::uint16_t cluster = probe != nullptr ? probe->cluster : std::uint16_t{0};
  if (cluster != cluster_) {
    next_padding_ = cluster != 0 ? now : Time::max();
  }
  cluster_ = cluster;
  pacer_.set_probe(probe, now);
}

void Congestion::sent_in_probe(std::size_t bytes, Time now) {
  pacer_.sent(SendClass::Video, bytes, now);
  follow_probe(now);
}

std::size_t Congestion::padding(Time now) {
  follow_probe(now);
  if (cluster_ == 0) {
    return 0;
  }
  next_padding_ = now + Pacer::kInterval;
  return pacer_.budget(SendClass::Padding, now);
}

Time Congestion::next_deadline(bool padded) const {
  return padded ? std::min(next_watch_, next_padding_) : next_watch_;
}

}  // namespace cardea::peer
