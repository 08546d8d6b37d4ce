// The sending side of transport-wide congestion control: remembers what was sent, and joins it with
// what the feedback says of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/time.hpp"
#include "core/rtp/rtcp_packets.hpp"
#include "core/rtp/sequence.hpp"

namespace cardea::rtp {

/// What became of one sent packet.
struct PacketResult {
  std::uint64_t seq = 0;  ///< transport-wide number, unwrapped
  Time sent{};
  /// By the remote's clock: only differences mean something. Good when `received`.
  Time arrived{};
  std::uint32_t size = 0;           ///< bytes
  std::uint16_t probe_cluster = 0;  ///< 0: no probe
  bool received = false;
  /// An earlier feedback called it lost: it was only late.
  bool was_lost = false;
};

/// Sans-IO, one thread; one per transport.
class TwccSender {
 public:
  /// What is not reported within this time is not asked about any more.
  static constexpr Duration kKeep = std::chrono::seconds(2);
  /// Bound of the history: 2 s at 40 Mbit/s. It grows up to it as the rate needs.
  static constexpr std::size_t kMaxHistory = 8192;
  /// Probes are told apart by less than this; 0 is none.
  static constexpr std::uint16_t kMaxCluster = 1 << 14;

  /// The number that the next packet must carry.
  [[nodiscard]] std::uint16_t next_seq() const { return static_cast<std::uint16_t>(next_); }
  /// The packet with next_seq() leaves. @param size bytes of the datagram, at most 65,535. @param
  /// probe_cluster below kMaxCluster.
  void sent(std::uint32_t size, Time now, std::uint16_t probe_cluster = 0);

  /// What is new in a feedback, in order of numbers: each packet once as received, and at most once
  /// before that as lost. One that tells of more packets than the history can hold is ignored: it
  /// is no honest one, and walking it costs. The span is good until the next call.
  std::span<const PacketResult> feedback(const TwccFeedback& feedback, Time now);

  /// Bytes sent since the newest packet that was reported.
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
  /// From the leaving of the newest packet in the last feedback to that feedback; includes what the
  /// remote waited. Empty before the first.
  [[nodiscard]] std::optional<Duration> last_round_trip() const { return round_trip_; }
  /// Packets that left the history before anything was said of them.
  [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }

 private:
  enum class Fate : std::uint8_t { Unknown, Lost, Received };
  /// Small, since there are hundreds of it for each viewer.
  struct Sent {
    std::uint32_t at = 0;  ///< µs, its low bits: an entry is used for some seconds only
    std::uint16_t size = 0;
    std::uint16_t probe_cluster : 14 = 0;
    Fate fate : 2 = Fate::Received;
  };
  static_assert(sizeof(Sent) == 8);

  [[nodiscard]] static std::uint32_t low_bits(Time time) {
    return static_cast<std::uint32_t>(time.time_since_epoch().count());
  }
  /// When it was sent, within the last hour before `now`.
  [[nodiscard]] static Time time_of(const Sent& sent, Time now) {
    return now - Duration(low_bits(now) - sent.at);
  }

  [[nodiscard]] Sent& entry(std::uint64_t seq) { return history_[seq & (history_.size() - 1)]; }
  [[nodiscard]] std::uint64_t oldest() const {
    return next_ - (count_ < history_.size() ? count_ : history_.size());
  }
  void make_room(Time now);
  Time reference(std::int32_t units);
  void reported(std::uint64_t seq);

  // A ring by number; its size is a power of two. Numbers start a cycle up, so that reordered
  // feedback of the first packets does not go below zero.
  std::vector<Sent> history_;
  std::uint64_t next_ = 0x1'0000;
  std::uint64_t count_ = 0;
  std::uint64_t reported_to_ = 0x1'0000;  // first number that no feedback covered
  std::size_t in_flight_ = 0;
  std::uint64_t forgotten_ = 0;
  std::optional<std::int64_t> reference_;
  std::optional<Duration> round_trip_;
  std::vector<PacketResult> results_;
};

}  // namespace cardea::rtp
