// Writes and encrypts the RTCP of one peer: reports each second, NACKs and key frame requests when
// they are due.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/time.hpp"
#include "core/peer/rtcp_receiver.hpp"
#include "core/peer/stream_table.hpp"
#include "core/peer/transport.hpp"
#include "core/rtp/rtcp_writer.hpp"
#include "core/rtp/twcc_receiver.hpp"

namespace cardea::peer {

/// Sans-IO, one thread. All references outlive it.
class RtcpSender {
 public:
  RtcpSender(Transport& transport, StreamTable& sources, Sinks& sinks)
      : transport_(transport), sources_(sources), sinks_(sinks) {}

  /// Reports on all sources and sinks, and REMB when `bitrate` is not zero. bit/s.
  void send_reports(std::uint64_t bitrate, Time now);
  /// @param seqs as on the wire, oldest first.
  void send_nack(std::uint32_t media_ssrc, std::span<const std::uint16_t> seqs);
  /// All that is due of transport-wide feedback.
  void send_arrivals(rtp::TwccReceiver& arrivals, Time now);
  /// PLI or, where only that was negotiated, FIR; nothing when neither was.
  /// @returns whether something was sent.
  bool send_keyframe_request(const SourceLine& line, std::uint32_t media_ssrc);

 private:
  template <typename Write>
  void append(Write write);
  void begin();
  void send();
  void report_blocks(Time now);
  void remb(std::uint64_t bitrate);
  [[nodiscard]] std::uint32_t own_ssrc() const;
  [[nodiscard]] std::uint32_t any_source_ssrc() const;

  // With SRTCP's tag and index a datagram stays within 1,200 bytes.
  static constexpr std::size_t kCompound = 1200 - srtp::kMaxOverhead;

  Transport& transport_;
  StreamTable& sources_;
  Sinks& sinks_;
  std::array<std::uint8_t, kCompound + srtp::kMaxOverhead> buffer_{};
  std::optional<rtp::RtcpWriter> writer_;
  std::uint8_t fir_command_ = 0;
};

}  // namespace cardea::peer
