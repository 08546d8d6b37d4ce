// Dispatch of RTCP items.
#include "core/peer/rtcp_receiver.hpp"

#include <algorithm>
#include <variant>

#include "core/rtp/rtcp_reader.hpp"

namespace cardea::peer {
namespace {

// Threat M7: an absurd REMB is no reason to compute with it.
constexpr std::uint64_t kMinEstimate = 10'000;
constexpr std::uint64_t kMaxEstimate = 1'000'000'000;
constexpr Duration kMaxRoundTrip = std::chrono::seconds(2);

}  // namespace

void RtcpReceiver::receive(Bytes compound, Time now) {
  rtp::RtcpReader reader(compound);
  while (const auto item = reader.next()) {
    std::visit([&](const auto& value) { on(value, now); }, *item);
  }
  if (reader.malformed()) {
    transport_.counters.drop(Drop::RtcpMalformed);
  }
}

void RtcpReceiver::on(const rtp::SenderReport& report, Time now) {
  if (ReceiveStream* stream = sources_.by_ssrc(report.ssrc)) {
    stream->sender_report(report.ntp, now);
    const ReceiveStream::Place& place = stream->place();
    SourceLine& line = sources_.lines()[place.line];
    line.state->layers[place.layer].clock = {report.ntp, report.rtp_timestamp, now};
  }
  on_blocks(report.blocks, now);
}

void RtcpReceiver::on_blocks(const rtp::ReportBlocks& blocks, Time now) {
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const rtp::ReportBlock block = blocks[i];
    const std::size_t index = sink_of(block.ssrc);
    if (index == sinks_.size()) {
      continue;
    }
    if (const auto round_trip = sinks_[index]->receiver_report(block, now)) {
      // Smoothed as TCP does it (RFC 6298), so that one odd report moves little.
      const Duration measured = std::min(*round_trip, kMaxRoundTrip);
      transport_.round_trip =
          transport_.round_trip_known ? (transport_.round_trip * 7 + measured) / 8 : measured;
      transport_.round_trip_known = true;
    }
  }
}

void RtcpReceiver::on(const rtp::Nack& nack, Time now) {
  const std::size_t index = sink_of(nack.media_ssrc);
  if (index < sinks_.size()) {
    sinks_[index]->retransmit(nack, now);
  }
}

void RtcpReceiver::on(const rtp::Pli& pli, Time /*now*/) { want_keyframe(pli.media_ssrc); }

void RtcpReceiver::on(const rtp::Fir& fir, Time /*now*/) {
  for (std::size_t i = 0; i < fir.size(); ++i) {
    want_keyframe(fir.ssrc(i));
  }
}

void RtcpReceiver::on(const rtp::Remb& remb, Time /*now*/) {
  transport_.remote_estimate = std::clamp(remb.bitrate_bps, kMinEstimate, kMaxEstimate);
  transport_.congestion.remb(transport_.remote_estimate);
}

void RtcpReceiver::on(const rtp::TwccFeedback& feedback, Time now) {
  ++transport_.counters.transport_feedback_in;
  transport_.congestion.feedback(feedback, transport_.round_trip, now);
}

std::size_t RtcpReceiver::sink_of(std::uint32_t ssrc) const {
  for (std::size_t i = 0; i < sinks_.size(); ++i) {
    if (sinks_[i] && sinks_[i]->ssrc() == ssrc) {
      return i;
    }
  }
  return sinks_.size();
}

void RtcpReceiver::want_keyframe(std::uint32_t ssrc) {
  const std::size_t index = sink_of(ssrc);
  if (index < sinks_.size()) {
    listener_.keyframe_wanted(static_cast<std::uint32_t>(index));
  }
}

}  // namespace cardea::peer
