// A bucket of bytes that is handed out in pieces.
#include "core/peer/pacer.hpp"

#include <algorithm>
#include <limits>

namespace cardea::peer {

namespace {

// Frames are not of one size: a key frame of ten times the average must not wait for ten frames'
// time, and a sender has paced them once already. Above the estimate for a moment is what the
// queue of the path is for.
constexpr std::uint64_t kFactorNum = 5;
constexpr std::uint64_t kFactorDen = 2;
// Two full packets: less makes no GSO run (engineering notes, 5).
constexpr std::int64_t kLeastPiece = 2'400;
constexpr std::int64_t kPerSecond = 1'000'000;
// Audio and retransmissions may borrow this much from what comes after them.
constexpr std::int64_t kMostDebt = 10'000;

std::int64_t per(std::uint64_t rate, Duration time) {
  return static_cast<std::int64_t>(rate) * time.count() / kPerSecond;
}

}  // namespace

void Pacer::set_estimate(std::uint64_t estimate) { pace_ = estimate / 8 * kFactorNum / kFactorDen; }

bool Pacer::overlong() const { return static_cast<std::int64_t>(waiting_) > per(pace_, kMaxQueue); }

// Overlong queues leave within kMaxQueue, whatever rate that is.
std::uint64_t Pacer::rate() const {
  const auto drain = static_cast<std::uint64_t>(kPerSecond / kMaxQueue.count()) * waiting_;
  return std::max(pace_, drain);
}

// All that waits, or some packets: never one at a time.
std::int64_t Pacer::piece() const {
  return std::min(kLeastPiece, std::max<std::int64_t>(1, static_cast<std::int64_t>(waiting_)));
}

void Pacer::refill(Time now) {
  const Duration passed =
      std::clamp<Duration>(now - refilled_, Duration(), std::chrono::seconds(1));
  refilled_ = now;
  fraction_ += static_cast<std::int64_t>(rate()) * passed.count();
  // What was not used for longer than two intervals is gone: no bursts after a pause.
  level_ =
      std::min(level_ + fraction_ / kPerSecond, std::max(kLeastPiece, per(rate(), 2 * kInterval)));
  fraction_ %= kPerSecond;
}

std::size_t Pacer::budget(SendClass kind, Time now) {
  refill(now);
  switch (kind) {
    case SendClass::Audio:
      return std::numeric_limits<std::size_t>::max();
    case SendClass::Retransmission:
      return static_cast<std::size_t>(std::max<std::int64_t>(level_, 0));
    case SendClass::Video:
      return level_ >= piece() ? static_cast<std::size_t>(level_) : 0;
    case SendClass::Padding:
      return padding(now);
  }
  return 0;
}

void Pacer::sent(SendClass kind, std::size_t bytes, Time now) {
  refill(now);
  // Padding is paced by the probe, and is what the estimate is not proven for.
  if (kind != SendClass::Padding) {
    level_ = std::max(level_ - static_cast<std::int64_t>(bytes), -kMostDebt);
  }
  probe_sent_ += cluster_ != 0 ? bytes : 0;
}

void Pacer::set_probe(const Probe* probe, Time now) {
  const std::uint16_t cluster = probe != nullptr ? probe->cluster : 0;
  if (cluster == cluster_) {
    return;
  }
  cluster_ = cluster;
  probe_sent_ = 0;
  probe_since_ = now;
  probe_rate_ = probe != nullptr ? probe->bitrate / 8 : 0;
  probe_bytes_ = probe != nullptr ? probe->bytes : 0;
}

// What the probe's rate gives for the time since it began and the interval to come, less what
// media used of it.
std::size_t Pacer::padding(Time now) const {
  if (cluster_ == 0) {
    return 0;
  }
  const auto due = static_cast<std::size_t>(per(probe_rate_, now - probe_since_ + kInterval));
  const std::size_t most = std::min<std::size_t>(due, probe_bytes_);
  return most > probe_sent_ ? most - probe_sent_ : 0;
}

Time Pacer::next_deadline(Time now) {
  if (budget(SendClass::Video, now) > 0) {
    return now;
  }
  const std::int64_t missing = piece() - level_;
  const auto per_second = static_cast<std::int64_t>(std::max<std::uint64_t>(rate(), 1));
  return now + std::clamp<Duration>(Duration(missing * kPerSecond / per_second + 1), Duration(1),
                                    std::chrono::seconds(1));
}

}  // namespace cardea::peer
