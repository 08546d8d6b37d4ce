// The receiving side of transport-wide congestion control: notes when packets came and tells the
// sender.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/time.hpp"
#include "core/rtp/rtcp_writer.hpp"
#include "core/rtp/sequence.hpp"

namespace cardea::rtp {

/// The number in a transport-cc header extension
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 2); also of its longer second version, which
/// begins alike. Empty when it is too short.
std::optional<std::uint16_t> read_transport_seq(Bytes value);

/// Sans-IO, one thread; one per transport whose remote sends media with transport-cc. Memory is
/// taken once, at the first packet.
class TwccReceiver {
 public:
  // The sender reacts no faster than it is told; Chromium's own receiver keeps to the same limits.
  static constexpr Duration kMinInterval = std::chrono::milliseconds(50);
  static constexpr Duration kMaxInterval = std::chrono::milliseconds(250);
  /// Numbers that are remembered; a step beyond them begins anew. 250 ms at 40 Mbit/s.
  static constexpr std::size_t kWindow = 1024;
  /// Space in a compound with which write() surely makes progress.
  static constexpr std::size_t kMinSpace = 32;

  /// A packet of any stream of the transport came. @param seq its transport-wide number.
  /// @param size bytes of the datagram.
  void received(std::uint16_t seq, std::size_t size, Time now);

  /// When feedback is due; empty while there is nothing to tell.
  [[nodiscard]] std::optional<Time> next_deadline() const { return due_; }

  /// Appends one feedback packet when it is due. Call it again, with an empty compound, until it
  /// gives false: what does not fit in one packet goes into the next.
  /// @param media_ssrc any stream of the remote. @returns whether one was written.
  bool write(RtcpWriter& out, std::uint32_t sender_ssrc, std::uint32_t media_ssrc, Time now);

 private:
  [[nodiscard]] Time& arrival(std::uint64_t seq) { return arrivals_[seq % kWindow]; }
  void restart(std::uint64_t seq);
  [[nodiscard]] Duration interval(Duration since_last) const;

  SeqUnwrapper unwrapper_;
  // Arrivals of the last kWindow numbers before end_ as a ring; kNever where none came.
  std::vector<Time> arrivals_;
  std::uint64_t end_ = 0;
  // The next feedback begins here: behind the last one, or further back when a late packet came.
  std::uint64_t next_ = 0;
  std::optional<Time> due_;
  Time last_written_;
  std::size_t bytes_since_ = 0;
  std::size_t last_feedback_ = 0;
  Duration interval_ = kMinInterval;
  std::uint8_t feedback_number_ = 0;
};

}  // namespace cardea::rtp
