// Retry times of a handshake flight.
#include "core/dtls/flight.hpp"

#include <algorithm>

namespace cardea::dtls {

namespace {

constexpr Duration kRepeatPause = std::chrono::milliseconds(50);

}  // namespace

void Flight::sent(std::span<const std::vector<std::uint8_t>> datagrams, Time now) {
  datagrams_.assign(datagrams.begin(), datagrams.end());
  wait_ = kFirstRetry;
  next_retry_ = now + wait_;
  last_sent_ = now;
}

void Flight::retried(Time now) {
  wait_ = std::min(wait_ * 2, kLongestRetry);
  next_retry_ = now + wait_;
  last_sent_ = now;
}

bool Flight::may_repeat(Time now) {
  if (datagrams_.empty() || now - last_sent_ < kRepeatPause) {
    return false;
  }
  last_sent_ = now;
  return true;
}

}  // namespace cardea::dtls
