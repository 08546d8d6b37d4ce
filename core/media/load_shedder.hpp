// How much must be left out when a worker cannot keep up: not at the door, where everybody's
// packets would be lost, but at single viewers.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/base/time.hpp"
#include "core/net/udp_socket.hpp"

namespace cardea::media {

/// Sans-IO, one thread. Quick to take away and slow to give back, because each return costs a key
/// frame.
class LoadShedder {
 public:
  /// Between two looks while nothing is shed, and while something is.
  static constexpr Duration kInterval = std::chrono::milliseconds(50);

  [[nodiscard]] bool due(Time now) const { return now >= next_; }
  /// @returns the share of viewers that have to make do with less: up to 1 with the least layers,
  /// from there on without video. Audio always goes.
  double look(const net::UdpSocket::Backlog& backlog, Time now) {
    next_ = now + kInterval;
    const bool dropped = backlog.dropped > dropped_;
    dropped_ = backlog.dropped;
    // A thread that slept for a moment finds a full buffer too, and empties it at once.
    late_ = backlog.filled > kFull ? late_ + 1 : 0;
    if (late_ >= kLooks || dropped) {
      share_ = std::min(kMost, share_ + (dropped ? 2 : 1) * kTake);
      behind_ = now;
    } else if (share_ > 0 && backlog.filled < kEmpty && now >= behind_ + kPatience) {
      share_ = std::max(0.0, share_ - kGive);
      // What was given back has to show its weight before more is.
      behind_ = now - kPatience + kStep;
    }
    return share_;
  }
  [[nodiscard]] double share() const { return share_; }

 private:
  static constexpr double kMost = 2;
  static constexpr unsigned kLooks = 2;
  static constexpr double kFull = 0.25;
  static constexpr double kEmpty = 0.05;
  static constexpr double kTake = 0.04;
  static constexpr double kGive = 0.02;
  static constexpr Duration kPatience = std::chrono::seconds(3);
  static constexpr Duration kStep = std::chrono::milliseconds(500);

  double share_ = 0;
  std::uint64_t dropped_ = 0;
  unsigned late_ = 0;
  Time next_;
  Time behind_;
};

}  // namespace cardea::media
