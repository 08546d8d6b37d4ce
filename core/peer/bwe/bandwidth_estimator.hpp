// How much may be sent to one remote: draft-ietf-rmcat-gcc-02, at the sender.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/time.hpp"
#include "core/peer/bwe/arrival_groups.hpp"
#include "core/peer/bwe/delay_detector.hpp"
#include "core/peer/bwe/loss_control.hpp"
#include "core/peer/bwe/prober.hpp"
#include "core/peer/bwe/queue_delay.hpp"
#include "core/peer/bwe/rate_control.hpp"
#include "core/peer/bwe/rate_meter.hpp"
#include "core/rtp/twcc_sender.hpp"

namespace cardea::peer {

/// Sans-IO, one thread, one per transport; what it says follows from its input and `now` alone.
///
/// With transport-wide feedback: the least of what delay and loss allow. Without: what REMB says
/// and loss allows; without both it grows until packets get lost. All rates in bit/s.
class BandwidthEstimator {
 public:
  explicit BandwidthEstimator(const RateBounds& bounds);

  /// Any packet left. @param probe_cluster of current probe(), 0 outside of one.
  void sent(std::size_t bytes, std::uint16_t probe_cluster, Time now);
  /// What TwccSender made of a feedback packet.
  void feedback(std::span<const rtp::PacketResult> results, Time now);
  /// Fall-back input: a report block about one of our streams; not looked at once there is
  /// transport-wide feedback. @param fraction_lost in 1/256 (RFC 3550 6.4.1).
  void receiver_report(std::uint8_t fraction_lost, Time now);
  /// Bounds the estimate from then on (draft-alvestrand-rmcat-remb-03).
  void remb(std::uint64_t bitrate);
  void set_round_trip(Duration round_trip) { round_trip_ = round_trip; }
  /// What the application would send if it could. The estimate is probed up to half as much again,
  /// and no further: probes cost. Without it: up to the maximum.
  void set_wanted(std::uint64_t bitrate) { wanted_ = bitrate; }

  /// Does what is due without input. Call it each 100 ms or so.
  void poll(Time now);
  /// What to send beside media now; null mostly.
  const Probe* probe(Time now) { return prober_.current(now); }

  [[nodiscard]] std::uint64_t estimate() const;
  /// What the remote received lately; empty before it told.
  [[nodiscard]] std::optional<std::uint64_t> acknowledged() const { return acked_.rate(); }
  /// Smoothed. 0 to 1
  [[nodiscard]] double loss() const { return loss_.fraction(); }
  /// Feedback stopped although packets left.
  [[nodiscard]] bool stalled() const { return stalled_rate_ != 0; }
  [[nodiscard]] bool noticeable_loss() const;
  /// The path would take more than it gets: sending important packets twice harms nobody.
  [[nodiscard]] bool has_room() const;
  /// No queue stands there or grows: what is lost is not lost since it is too much.
  [[nodiscard]] bool calm() const;

  // For traces.
  [[nodiscard]] const DelayDetector& detector() const { return detector_; }
  [[nodiscard]] Duration queue() const { return queue_.standing(); }

 private:
  void arrived(const rtp::PacketResult& result);
  void control(Time now);
  void wake(Time now);
  void probed(const ProbeResult& result, Time now);
  [[nodiscard]] std::uint64_t probe_limit() const;
  [[nodiscard]] bool worth_probing(Time now) const;
  [[nodiscard]] bool probe_due(Time now) const;
  [[nodiscard]] LossControl::Input loss_input() const;

  RateBounds bounds_;
  ArrivalGroups groups_;
  DelayDetector detector_;
  QueueDelay queue_;
  RateMeter sent_;
  RateMeter acked_;
  RateControl rate_;
  LossControl loss_;
  Prober prober_;

  Duration round_trip_ = std::chrono::milliseconds(100);
  std::optional<std::uint64_t> remb_;
  std::uint64_t wanted_;
  // Without transport-wide feedback.
  double unmeasured_;
  Time reported_;
  // Feedback and its absence.
  Time fed_back_;
  std::uint64_t told_to_ = 0;  // transport-wide number
  Time sent_since_feedback_;
  Time halved_;
  Time woken_;  // what was lost before says nothing of the path as it is now
  std::uint64_t stalled_rate_ = 0;
  // Probing.
  bool started_ = false;
  std::uint64_t best_ = 0;  // of the last minute
  Time best_at_;
  Time next_probe_;
  Duration probe_interval_;
};

}  // namespace cardea::peer
