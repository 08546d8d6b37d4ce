// Reads the RTCP of one peer and hands each item to the stream that it is about.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "core/peer/listener.hpp"
#include "core/peer/send_stream.hpp"
#include "core/peer/stream_table.hpp"
#include "core/peer/transport.hpp"
#include "core/rtp/rtcp_packets.hpp"

namespace cardea::peer {

/// By index of the m-line; null where nothing is sent.
using Sinks = std::vector<std::unique_ptr<SendStream>>;

/// Sans-IO, one thread. All references outlive it.
class RtcpReceiver {
 public:
  RtcpReceiver(Transport& transport, StreamTable& sources, Sinks& sinks, Listener& listener)
      : transport_(transport), sources_(sources), sinks_(sinks), listener_(listener) {}

  /// One compound after SRTCP unprotect. Broken parts are skipped and counted.
  void receive(Bytes compound, Time now);

 private:
  void on(const rtp::SenderReport& report, Time now);
  void on(const rtp::ReceiverReport& report, Time now) { on_blocks(report.blocks, now); }
  void on(const rtp::Nack& nack, Time now);
  void on(const rtp::Pli& pli, Time now);
  void on(const rtp::Fir& fir, Time now);
  void on(const rtp::Remb& remb, Time now);
  void on(const rtp::TwccFeedback& feedback, Time now);
  // CNAME and BYE change nothing here: a source without packets is noticed by the clock.
  template <typename Other>
  void on(const Other& /*item*/, Time /*now*/) {}

  void on_blocks(const rtp::ReportBlocks& blocks, Time now);
  /// Index of the line that we send under this SSRC, or sinks_.size().
  [[nodiscard]] std::size_t sink_of(std::uint32_t ssrc) const;
  void want_keyframe(std::uint32_t ssrc);

  Transport& transport_;
  StreamTable& sources_;
  Sinks& sinks_;
  Listener& listener_;
};

}  // namespace cardea::peer
