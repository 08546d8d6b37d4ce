// One sender under congestion control, the link's other end, and the feedback between them.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <random>
#include <vector>

#include "core/base/time.hpp"
#include "core/peer/bwe/bandwidth_estimator.hpp"
#include "core/peer/pacer.hpp"
#include "core/rtp/twcc_receiver.hpp"
#include "core/rtp/twcc_sender.hpp"
#include "tests/scenario/support/link.hpp"

namespace cardea::scenario {

/// Video of 30 frames/s beside audio of 32 kbit/s, paced, with real feedback packets.
class Flow {
 public:
  /// What the video sends at an estimate. bit/s
  using Video = std::function<std::uint64_t(std::uint64_t estimate)>;

  Flow(std::uint32_t id, Link& link, const peer::RateBounds& bounds, Video video);

  /// Does what is due at `now`; to be called each millisecond.
  void step(Time now);
  /// From the link.
  void receive(const LinkPacket& packet, Time now);

  peer::BandwidthEstimator& estimator() { return estimator_; }
  [[nodiscard]] std::uint64_t received_bytes() const { return received_bytes_; }
  [[nodiscard]] std::uint64_t video_bitrate() const { return video_bitrate_; }
  [[nodiscard]] std::uint64_t estimate() const { return estimator_.estimate(); }
  /// Most that ever waited for the pacer.
  [[nodiscard]] std::size_t most_waiting() const { return most_waiting_; }
  [[nodiscard]] std::uint64_t probe_bytes() const { return probe_bytes_; }
  /// The way back loses everything.
  void set_feedback_lost(bool lost) { feedback_lost_ = lost; }
  Duration feedback_delay = std::chrono::milliseconds(20);

 private:
  struct Report {
    Time at;
    std::vector<std::uint8_t> bytes;
  };

  void make_media(Time now);
  void send_media(Time now);
  void send_padding(Time now);
  void send(peer::SendClass kind, std::uint32_t size, Time now);
  void make_reports(Time now);
  void take_reports(Time now);

  std::uint32_t id_;
  Link& link_;
  Video video_;
  std::mt19937 random_;
  peer::BandwidthEstimator estimator_;
  peer::Pacer pacer_;
  rtp::TwccSender sender_;
  rtp::TwccReceiver receiver_;
  std::deque<std::uint32_t> queue_;
  std::size_t waiting_ = 0;
  std::size_t most_waiting_ = 0;
  std::uint64_t video_bitrate_ = 0;
  std::uint64_t received_bytes_ = 0;
  std::uint64_t probe_bytes_ = 0;
  Time next_frame_;
  Time next_audio_;
  Time next_tick_;
  Time next_poll_;
  bool feedback_lost_ = false;
  std::deque<Report> reports_;
};

}  // namespace cardea::scenario
