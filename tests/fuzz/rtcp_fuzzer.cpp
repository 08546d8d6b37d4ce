// RTCP compounds: every view that the reader gives is walked to its end.
#include <cstdlib>

#include "core/rtp/rtcp_reader.hpp"

namespace {

using namespace cardea::rtp;  // NOLINT: the folder under test

struct Walker {
  std::uint64_t sum = 0;

  void blocks(const ReportBlocks& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      sum += list[i].highest_seq;
    }
  }
  void operator()(const SenderReport& report) { blocks(report.blocks); }
  void operator()(const ReceiverReport& report) { blocks(report.blocks); }
  void operator()(const SdesCname& sdes) {
    for (const char c : sdes.cname) {
      sum += static_cast<unsigned char>(c);
    }
  }
  void operator()(const Bye& bye) {
    for (std::size_t i = 0; i < bye.size(); ++i) {
      sum += bye[i];
    }
  }
  void operator()(const Nack& nack) {
    nack.for_each([this](std::uint16_t seq) { sum += seq; });
  }
  void operator()(const Pli& pli) { sum += pli.media_ssrc; }
  void operator()(const Fir& fir) {
    for (std::size_t i = 0; i < fir.size(); ++i) {
      sum += fir.ssrc(i) + fir.command(i);
    }
  }
  void operator()(const Remb& remb) { sum += remb.bitrate_bps + remb.ssrcs.size(); }
  void operator()(const TwccFeedback& feedback) {
    TwccReader reader(feedback);
    std::size_t count = 0;
    for (TwccPacket packet; reader.next(packet); ++count) {
      sum += packet.seq;
    }
    if (count != feedback.count) {
      std::abort();
    }
  }
  void operator()(const OtherRtcp& other) { sum += other.packet_type; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RtcpReader reader(cardea::Bytes(data, size));
  Walker walker;
  while (const auto item = reader.next()) {
    std::visit(walker, *item);
  }
  return 0;
}
