// Compounds of at most one datagram, each beginning with a report (RFC 3550 6.1).
#include "core/peer/rtcp_sender.hpp"

#include <algorithm>

namespace cardea::peer {
namespace {

// What libwebrtc uses as well where nothing is sent.
constexpr std::uint32_t kReceiverOnlySsrc = 1;
constexpr std::size_t kBlocksPerPacket = 31;
// 4 bytes each at worst: so many always fit.
constexpr std::size_t kNacksPerPacket = 250;

}  // namespace

std::uint32_t RtcpSender::own_ssrc() const {
  for (const auto& sink : sinks_) {
    if (sink && sink->ssrc() != 0) {
      return sink->ssrc();
    }
  }
  return kReceiverOnlySsrc;
}

void RtcpSender::begin() {
  writer_.emplace(MutableBytes(buffer_).first(kCompound));
  writer_->receiver_report(own_ssrc());
}

void RtcpSender::send() {
  if (!writer_) {
    return;
  }
  transport_.show(false, Bytes(buffer_).first(writer_->size()));
  const srtp::SrtpResult result = transport_.outgoing->protect_rtcp(buffer_, writer_->size());
  writer_.reset();
  if (result) {
    transport_.send(transport_.path, Bytes(buffer_).first(result.size));
  } else {
    ++transport_.counters.send_failed;
  }
}

/// `write` is called again with an empty compound when its packets did not fit.
template <typename Write>
void RtcpSender::append(Write write) {
  if (!writer_) {
    begin();
  }
  const std::size_t before = writer_->size();
  write(*writer_);
  if (!writer_->ok() && writer_->size() == before) {
    send();
    begin();
    write(*writer_);
  }
}

void RtcpSender::send_reports(std::uint64_t bitrate, Time now) {
  if (!transport_.open) {
    return;
  }
  report_blocks(now);
  for (const auto& sink : sinks_) {
    if (sink) {
      append([&](rtp::RtcpWriter& out) { sink->write_report(out, now); });
    }
  }
  if (bitrate != 0) {
    remb(bitrate);
  }
  send();
}

void RtcpSender::report_blocks(Time now) {
  std::array<rtp::ReportBlock, kBlocksPerPacket> blocks;
  std::size_t count = 0;
  const auto write = [&] {
    append([&](rtp::RtcpWriter& out) {
      out.receiver_report(own_ssrc(), std::span(blocks).first(count));
    });
    count = 0;
  };
  for (const SourceLine& line : sources_.lines()) {
    for (const auto& stream : line.layers) {
      const auto block = stream ? stream->report(now) : std::nullopt;
      if (!block) {
        continue;
      }
      blocks[count++] = *block;
      if (count == blocks.size()) {
        write();
      }
    }
  }
  if (count > 0) {
    write();
  }
}

void RtcpSender::remb(std::uint64_t bitrate) {
  std::array<std::uint32_t, 32> ssrcs{};
  std::size_t count = 0;
  for (const SourceLine& line : sources_.lines()) {
    for (const auto& stream : line.layers) {
      if (line.remb && line.video && stream && count < ssrcs.size()) {
        ssrcs[count++] = stream->place().ssrc;
      }
    }
  }
  append(
      [&](rtp::RtcpWriter& out) { out.remb(own_ssrc(), bitrate, std::span(ssrcs).first(count)); });
}

void RtcpSender::send_nack(std::uint32_t media_ssrc, std::span<const std::uint16_t> seqs) {
  if (!transport_.open) {
    return;
  }
  while (!seqs.empty()) {
    const auto some = seqs.first(std::min(seqs.size(), kNacksPerPacket));
    append([&](rtp::RtcpWriter& out) { out.nack(own_ssrc(), media_ssrc, some); });
    transport_.counters.nacks_out += some.size();
    seqs = seqs.subspan(some.size());
  }
  send();
}

std::uint32_t RtcpSender::any_source_ssrc() const {
  for (const SourceLine& line : sources_.lines()) {
    for (const auto& stream : line.layers) {
      if (stream) {
        return stream->place().ssrc;
      }
    }
  }
  return 0;
}

void RtcpSender::send_arrivals(rtp::TwccReceiver& arrivals, Time now) {
  if (!transport_.open) {
    return;
  }
  const std::uint32_t media_ssrc = any_source_ssrc();
  for (begin(); arrivals.write(*writer_, own_ssrc(), media_ssrc, now); begin()) {
    ++transport_.counters.transport_feedback_out;
    send();
  }
  writer_.reset();
}

bool RtcpSender::send_keyframe_request(const SourceLine& line, std::uint32_t media_ssrc) {
  if (!transport_.open || (!line.pli && !line.fir)) {
    return false;
  }
  append([&](rtp::RtcpWriter& out) {
    if (line.pli) {
      out.pli(own_ssrc(), media_ssrc);
    } else {
      out.fir(own_ssrc(), media_ssrc, fir_command_++);
    }
  });
  ++transport_.counters.keyframe_requests;
  send();
  return true;
}

}  // namespace cardea::peer
