// Loss, jitter and report times of one received stream, for the report blocks that we send (RFC
// 3550 A.3, A.8).
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/time.hpp"
#include "core/rtp/rtcp_packets.hpp"

namespace cardea::rtp {

class ReceiveStats {
 public:
  /// @param clock_rate of the RTP timestamps, in Hz; 0 leaves jitter at zero.
  explicit ReceiveStats(std::uint32_t clock_rate) : clock_rate_(clock_rate) {}

  /// @param seq unwrapped (SeqUnwrapper). @param size_bytes of the payload, for counting only.
  void received(std::uint64_t seq, std::uint32_t rtp_timestamp, std::size_t size_bytes, Time now);
  /// A sender report of this stream came: feeds LSR and DLSR.
  void sender_report(std::uint64_t ntp, Time now);

  /// The block for the next report; starts a new interval for fraction_lost. Nothing before the
  /// first packet.
  std::optional<ReportBlock> report(std::uint32_t ssrc, Time now);

  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// Expected minus received; negative with duplicates.
  [[nodiscard]] std::int64_t lost() const;
  /// In units of the RTP clock.
  [[nodiscard]] std::uint32_t jitter() const { return jitter_q4_ >> 4; }

 private:
  std::uint32_t clock_rate_;
  std::uint64_t packets_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t first_seq_ = 0;
  std::uint64_t highest_seq_ = 0;
  std::uint64_t expected_before_ = 0;
  std::uint64_t packets_before_ = 0;
  // Scaled by 16 as in RFC 3550 A.8, so that the integer filter keeps its fractions.
  std::uint32_t jitter_q4_ = 0;
  std::uint32_t last_transit_ = 0;
  std::uint32_t last_timestamp_ = 0;
  std::optional<Time> last_sr_at_;
  std::uint32_t last_sr_ = 0;
};

}  // namespace cardea::rtp
