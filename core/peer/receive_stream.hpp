// The books of one received SSRC: order, loss, statistics.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "core/base/time.hpp"
#include "core/peer/stats.hpp"
#include "core/rtp/codec/dependency_descriptor.hpp"
#include "core/rtp/nack_tracker.hpp"
#include "core/rtp/packet.hpp"
#include "core/rtp/receive_stats.hpp"
#include "core/rtp/sequence.hpp"

namespace cardea::peer {

/// Sans-IO, one thread.
class ReceiveStream {
 public:
  struct Place {
    std::uint32_t line = 0;
    std::uint8_t layer = 0;
    std::uint32_t ssrc = 0;
    /// Never used before by this peer.
    std::uint32_t epoch = 0;
  };

  /// @param clock_rate of the RTP timestamps, Hz. @param nack lost packets are asked for again.
  ReceiveStream(const Place& place, std::uint32_t clock_rate, bool nack)
      : place_(place), clock_rate_(clock_rate), stats_(clock_rate), nack_(nack) {}

  [[nodiscard]] const Place& place() const { return place_; }
  /// Renegotiated: the books begin anew with the next packet.
  void set_nack(bool nack) {
    if (nack != nack_) {
      nack_ = nack;
      tracker_.reset();
    }
  }

  /// Takes a packet in. @param repaired it came by RTX.
  /// @returns its number within the line (see SourcePacket::seq), or nothing when the packet must
  ///   not go on: a copy of one that came before, or one given up already.
  std::optional<std::uint64_t> received(const rtp::Packet& packet, bool repaired, Time now);
  void sender_report(std::uint64_t ntp, Time now) { stats_.sender_report(ntp, now); }

  /// AV1: what a packet's dependency descriptor says. @param seq as received() gave it.
  std::optional<rtp::DependencyDescriptor> dependencies(Bytes value, std::uint64_t seq);

  /// For the next receiver report.
  std::optional<rtp::ReportBlock> report(Time now) { return stats_.report(place_.ssrc, now); }
  /// Packets lost on the way to us since the last call (repaired ones count).
  std::uint32_t take_lost();

  /// Numbers to ask for now; good until the next call.
  std::span<const std::uint16_t> poll_nack(Time now) { return tracker_.poll(now); }
  [[nodiscard]] std::optional<Time> next_nack() const { return tracker_.next_deadline(); }
  /// Packets were given up since the last call.
  bool take_gave_up() { return tracker_.take_gave_up(); }
  void set_round_trip(Duration round_trip) { tracker_.set_rtt(round_trip); }
  /// A key frame starts at `seq` (as received() gave it): nothing older is worth asking for.
  void keyframe(std::uint64_t seq) { tracker_.forget_before(seq - first_number()); }

  /// Time() before the first.
  [[nodiscard]] Time last_packet() const { return last_packet_; }
  [[nodiscard]] std::uint64_t packets() const { return stats_.packets(); }
  [[nodiscard]] StreamStats stats() const;

 private:
  /// Each epoch has a range of numbers of its own.
  [[nodiscard]] std::uint64_t first_number() const { return std::uint64_t{place_.epoch} << 40; }

  Place place_;
  std::uint32_t clock_rate_;
  rtp::SeqUnwrapper unwrapper_;
  rtp::ReceiveStats stats_;
  rtp::NackTracker tracker_;
  bool nack_;
  // Of the last key frame that announced one; most streams never do.
  std::unique_ptr<std::optional<rtp::DependencyStructure>> structure_;
  std::uint64_t structure_seq_ = 0;
  Time last_packet_;
  std::int64_t lost_before_ = 0;
};

}  // namespace cardea::peer
