// A bottleneck link on virtual time: rate, queue, delay, loss, jitter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "core/base/time.hpp"

namespace cardea::scenario {

/// May be changed while it runs.
struct LinkSettings {
  std::uint64_t bitrate = 1'000'000;
  Duration queue = std::chrono::milliseconds(200);  ///< packets beyond it are dropped
  Duration delay = std::chrono::milliseconds(20);   ///< one way
  double loss = 0;                                  ///< without any cause
  Duration jitter{};                                ///< even between 0 and this, in order
  double reorder = 0;                               ///< this part is let past by others
};

struct LinkPacket {
  std::uint32_t flow = 0;
  std::uint16_t seq = 0;
  std::uint32_t size = 0;
  Time arrival;
};

/// Deterministic: a seed decides all chances.
class Link {
 public:
  Link(const LinkSettings& settings, std::uint32_t seed) : settings_(settings), random_(seed) {}

  LinkSettings& settings() { return settings_; }
  void send(std::uint32_t flow, std::uint16_t seq, std::uint32_t size, Time now);
  /// The next packet that has arrived by now.
  std::optional<LinkPacket> receive(Time now);
  /// How long a packet sent now stands in the queue.
  [[nodiscard]] Duration queued(Time now) const;
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  double chance() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  LinkSettings settings_;
  std::mt19937 random_;
  Time busy_until_;
  Time last_arrival_;
  std::uint64_t dropped_ = 0;
  std::vector<LinkPacket> under_way_;
};

}  // namespace cardea::scenario
