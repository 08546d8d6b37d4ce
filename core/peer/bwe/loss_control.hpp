// The rate that the loss allows, and whether the loss comes from the rate at all.
#pragma once

#include <cstdint>
#include <limits>

#include "core/base/time.hpp"
#include "core/rtp/twcc_sender.hpp"

namespace cardea::peer {

/// Sans-IO: draft-ietf-rmcat-gcc-02 6. Above 10 % it lowers the rate, below 2 % it bounds nothing,
/// and growth is the delay part's alone. When the rate fell by 40 % and what arrives fell with it,
/// without a queue, the loss comes from a bad radio: it lowers nothing further. (Of a policer,
/// which has no queue either, as much as before would arrive.)
class LossControl {
 public:
  struct Input {
    /// The rate in use, which a first decrease starts from. bit/s
    std::uint64_t rate = 0;
    /// What the remote received; 0 where nobody tells. bit/s
    std::uint64_t acked = 0;
    /// No queue stands on the path.
    bool queue_empty = true;
    Duration round_trip{};
    /// When the delay lowered the rate: what got lost of what was sent before is answered by that.
    Time lowered{};
  };

  /// Of transport-wide feedback.
  void count(const rtp::PacketResult& result);
  /// Judges what was counted, when it is enough.
  void update(const Input& in, Time now);
  /// Of a receiver report, where there is no other feedback. @param fraction 0 to 1.
  void sample(double fraction, const Input& in, Time now);

  /// bit/s; kNone while loss bounds nothing.
  [[nodiscard]] std::uint64_t bound() const { return bound_; }
  /// Smoothed over some seconds. 0 to 1
  [[nodiscard]] double fraction() const { return smoothed_; }
  static constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();

 private:
  void lower(double fraction, const Input& in, Time now);
  [[nodiscard]] bool independent(const Input& in) const;

  std::int64_t received_ = 0;
  std::int64_t lost_ = 0;
  Time judged_;
  double smoothed_ = 0;
  std::uint64_t bound_ = kNone;
  Time lowered_;
  // Where this episode of loss began.
  std::uint64_t first_rate_ = 0;
  std::uint64_t first_acked_ = 0;
};

}  // namespace cardea::peer
