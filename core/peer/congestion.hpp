// The congestion control of what one remote is sent: numbers out, reports in, an estimate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/base/time.hpp"
#include "core/peer/bwe/bandwidth_estimator.hpp"
#include "core/peer/pacer.hpp"
#include "core/rtp/rtcp_packets.hpp"
#include "core/rtp/twcc_sender.hpp"

namespace cardea::peer {

/// Sans-IO, one thread, one per transport. Without packets that carry numbers (transport-cc) it
/// knows nothing and has nothing to do.
class Congestion {
 public:
  /// After so long without reports less is sent.
  static constexpr Duration kMostSilence = std::chrono::seconds(8);

  Congestion();

  /// The number that the next packet must carry; sent() follows when it really leaves.
  [[nodiscard]] std::uint16_t next_seq() const { return numbers_.next_seq(); }
  /// A packet with next_seq() leaves. @param bytes of the datagram. The hot path.
  void sent(std::size_t bytes, Time now) {
    numbers_.sent(static_cast<std::uint32_t>(bytes), now, cluster_);
    estimator_.sent(bytes, cluster_, now);
    if (cluster_ != 0) {
      sent_in_probe(bytes, now);
    }
  }
  void feedback(const rtp::TwccFeedback& feedback, Duration round_trip, Time now);
  /// The remote bounds what it is sent (REMB). bit/s
  void remb(std::uint64_t bitrate) { estimator_.remb(bitrate); }
  /// What would be sent if the estimate allowed it. bit/s
  void set_wanted(std::uint64_t bitrate) { estimator_.set_wanted(bitrate); }

  /// Does what is due without input.
  void poll(Time now);
  /// Bytes of padding that a probe lacks now.
  [[nodiscard]] std::size_t padding(Time now);
  /// Time::max() while nothing is due. @param padded somebody can send padding.
  [[nodiscard]] Time next_deadline(bool padded) const;

  /// The remote has reported: the estimate is one.
  [[nodiscard]] bool known() const { return reported_ != Time(); }
  /// Nothing is reported of what was sent lately: nothing is known of the path as it is.
  [[nodiscard]] bool silent(Time now) const {
    return estimator_.stalled() && now - reported_ < kMostSilence;
  }
  /// Reports came again after they had stopped, since the last call.
  [[nodiscard]] bool take_woken() { return std::exchange(woken_, false); }
  /// bit/s
  [[nodiscard]] std::uint64_t estimate() const { return estimator_.estimate(); }
  /// 0 to 1, smoothed.
  [[nodiscard]] double loss() const { return estimator_.loss(); }
  /// Packets get lost, and not since they are too many: important ones are worth sending twice.
  [[nodiscard]] bool worth_copies() const { return worth_copies_; }

 private:
  void follow_probe(Time now);
  void sent_in_probe(std::size_t bytes, Time now);
  void judge_loss(Time now);

  rtp::TwccSender numbers_;
  BandwidthEstimator estimator_;
  // Of padding only (docs/adr/0011).
  Pacer pacer_;
  // Of the probe that goes on; 0 none.
  std::uint16_t cluster_ = 0;
  Time next_padding_ = Time::max();
  Time next_watch_ = Time::max();
  Time reported_;
  bool woken_ = false;
  bool worth_copies_ = false;
  Time lost_at_;
};

}  // namespace cardea::peer
