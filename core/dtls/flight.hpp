// The last handshake flight and when to send it again, on the caller's time.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace cardea::dtls {

// RFC 6347 4.2.4.1 suggests 1 s; on media paths a round trip takes far less. The tenth wait would
// pass the handshake deadline, and OpenSSL gives up after twelve.
constexpr Duration kFirstRetry = std::chrono::milliseconds(200);
constexpr Duration kLongestRetry = std::chrono::milliseconds(3200);

/// OpenSSL times its retransmissions by the wall clock, which stands still in a simulation. There
/// the same datagrams go out again: a peer that has them drops them as replays, one that missed
/// them takes them.
class Flight {
 public:
  /// A new flight went out: the wait starts again from the shortest.
  void sent(std::span<const std::vector<std::uint8_t>> datagrams, Time now);
  /// The flight went out again because its time had come.
  void retried(Time now);
  /// No retries by time any more; the datagrams stay for a peer that missed the final flight.
  void stop_timer() { next_retry_.reset(); }
  /// The peer shows that it misses our final flight. At most one answer in 50 ms, so that it
  /// amplifies nothing.
  bool may_repeat(Time now);

  [[nodiscard]] const std::vector<std::vector<std::uint8_t>>& datagrams() const {
    return datagrams_;
  }
  [[nodiscard]] std::optional<Time> next_retry() const { return next_retry_; }

 private:
  std::vector<std::vector<std::uint8_t>> datagrams_;
  std::optional<Time> next_retry_;
  Duration wait_ = kFirstRetry;
  Time last_sent_{};
};

}  // namespace cardea::dtls
