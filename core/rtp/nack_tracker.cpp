// Books of missing packets: when to ask, when to ask again, when to give up.
#include "core/rtp/nack_tracker.hpp"

#include <algorithm>

namespace cardea::rtp {

namespace {

using std::chrono::milliseconds;

// A reordered packet arrives within a few ms on most paths; asking at once would double it.
constexpr Duration kReorderWait = milliseconds(10);
// Below this a repeat would often cross the answer to the first request.
constexpr Duration kMinRepeat = milliseconds(20);
constexpr Duration kMaxRepeat = milliseconds(500);
constexpr int kMaxTries = 10;
// Older video has been shown or frozen past; a key frame is cheaper than waiting on.
constexpr Duration kMaxAge = milliseconds(1000);
// A fifth of a second at 25 Mbit/s; a longer hole is an outage, not loss.
constexpr std::size_t kMaxMissing = 512;
// Further back than this is another stream under the same SSRC (RFC 3550 A.1 names 100 for audio).
constexpr std::uint64_t kMaxMisorder = 3000;

}  // namespace

NackTracker::Arrival NackTracker::received(std::uint64_t seq, Time now) {
  if (!highest_) {
    highest_ = seq;
    return Arrival::InOrder;
  }
  if (seq > *highest_) {
    if (seq != *highest_ + 1) {
      add_gap(*highest_ + 1, seq - 1, now);
    }
    highest_ = seq;
    return Arrival::InOrder;
  }
  if (*highest_ - seq > kMaxMisorder) {
    reset();
    gave_up_ = true;
    highest_ = seq;
    return Arrival::InOrder;
  }
  const auto at = std::lower_bound(missing_.begin(), missing_.end(), seq,
                                   [](const Missing& m, std::uint64_t s) { return m.seq < s; });
  if (at == missing_.end() || at->seq != seq) {
    return Arrival::Late;
  }
  missing_.erase(at);
  return Arrival::Recovered;
}

bool NackTracker::is_missing(std::uint64_t seq) const {
  return std::any_of(missing_.begin(), missing_.end(),
                     [seq](const Missing& m) { return m.seq == seq; });
}

void NackTracker::add_gap(std::uint64_t first, std::uint64_t last, Time now) {
  if (last - first >= kMaxMissing) {
    missing_.clear();
    gave_up_ = true;
    return;
  }
  const std::size_t count = last - first + 1;
  if (missing_.size() + count > kMaxMissing) {
    const std::size_t excess = missing_.size() + count - kMaxMissing;
    missing_.erase(missing_.begin(), missing_.begin() + static_cast<std::ptrdiff_t>(excess));
    gave_up_ = true;
  }
  missing_.reserve(kMaxMissing);
  for (std::uint64_t seq = first; seq <= last; ++seq) {
    missing_.push_back({seq, now + kReorderWait, now, 0});
  }
}

std::span<const std::uint16_t> NackTracker::poll(Time now) {
  requests_.clear();
  const Duration repeat = std::clamp(rtt_, kMinRepeat, kMaxRepeat);
  std::size_t kept = 0;
  for (Missing& m : missing_) {
    if (m.asked >= kMaxTries ? m.ask_at <= now : now - m.since > kMaxAge) {
      gave_up_ = true;
      continue;
    }
    if (m.ask_at <= now) {
      requests_.reserve(kMaxMissing);
      requests_.push_back(static_cast<std::uint16_t>(m.seq));
      ++m.asked;
      m.ask_at = now + repeat;
    }
    missing_[kept++] = m;
  }
  missing_.erase(missing_.begin() + static_cast<std::ptrdiff_t>(kept), missing_.end());
  return requests_;
}

std::optional<Time> NackTracker::next_deadline() const {
  const auto soonest =
      std::min_element(missing_.begin(), missing_.end(),
                       [](const Missing& a, const Missing& b) { return a.ask_at < b.ask_at; });
  return soonest == missing_.end() ? std::nullopt : std::optional(soonest->ask_at);
}

bool NackTracker::take_gave_up() {
  const bool gave_up = gave_up_;
  gave_up_ = false;
  return gave_up;
}

void NackTracker::set_rtt(Duration rtt) { rtt_ = rtt; }

void NackTracker::forget_before(std::uint64_t seq) {
  std::erase_if(missing_, [seq](const Missing& m) { return m.seq < seq; });
}

void NackTracker::reset() {
  missing_.clear();
  highest_.reset();
  gave_up_ = false;
}

}  // namespace cardea::rtp
