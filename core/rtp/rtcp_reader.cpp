// Splits a compound RTCP packet and checks each part's counts against its real length.
#include "core/rtp/rtcp_reader.hpp"

namespace cardea::rtp {

namespace {

constexpr std::uint8_t kSenderReport = 200;
constexpr std::uint8_t kReceiverReport = 201;
constexpr std::uint8_t kSdes = 202;
constexpr std::uint8_t kBye = 203;
constexpr std::uint8_t kTransportFeedback = 205;
constexpr std::uint8_t kPayloadFeedback = 206;
constexpr std::uint8_t kNackFormat = 1;
constexpr std::uint8_t kTwccFormat = 15;
constexpr std::uint8_t kPliFormat = 1;
constexpr std::uint8_t kFirFormat = 4;
constexpr std::uint8_t kApplicationFormat = 15;
constexpr std::uint8_t kCnameItem = 1;
constexpr std::uint32_t kRembName = 0x52454D42;

using Parsed = std::optional<RtcpItem>;

Parsed read_sender_report(ByteReader in, std::uint8_t count) {
  SenderReport report;
  report.ssrc = in.u32();
  report.ntp = in.u64();
  report.rtp_timestamp = in.u32();
  report.packets = in.u32();
  report.octets = in.u32();
  report.blocks = ReportBlocks(in.bytes(ReportBlocks::kBlockSize * count));
  return in.ok() ? Parsed(report) : std::nullopt;
}

Parsed read_receiver_report(ByteReader in, std::uint8_t count) {
  ReceiverReport report;
  report.ssrc = in.u32();
  report.blocks = ReportBlocks(in.bytes(ReportBlocks::kBlockSize * count));
  return in.ok() ? Parsed(report) : std::nullopt;
}

// One chunk: ssrc, items up to a zero item, padding to 32 bits. Empty cname when there is none.
bool read_sdes_chunk(ByteReader& in, SdesCname& out) {
  const std::size_t start = in.left();
  out = {in.u32(), {}};
  for (std::uint8_t item = in.u8(); item != 0; item = in.u8()) {
    const Bytes value = in.bytes(in.u8());
    if (item == kCnameItem && out.cname.empty()) {
      out.cname = as_text(value);
    }
  }
  in.skip((4 - (start - in.left()) % 4) % 4);
  return in.ok();
}

Parsed read_sdes(ByteReader in, std::uint8_t count) {
  SdesCname first;
  for (std::uint8_t i = 0; i < count; ++i) {
    SdesCname chunk;
    if (!read_sdes_chunk(in, chunk)) {
      return std::nullopt;
    }
    if (first.cname.empty()) {
      first = chunk;
    }
  }
  return first;
}

Parsed read_bye(ByteReader in, std::uint8_t count) {
  const Bytes ssrcs = in.bytes(std::size_t{4} * count);
  return in.ok() ? Parsed(Bye{ssrcs}) : std::nullopt;
}

Parsed read_twcc(ByteReader in, std::uint32_t sender, std::uint32_t media) {
  TwccFeedback feedback;
  feedback.sender_ssrc = sender;
  feedback.media_ssrc = media;
  feedback.base_seq = in.u16();
  feedback.count = in.u16();
  feedback.reference_time = static_cast<std::int32_t>(in.u24() << 8) >> 8;
  feedback.feedback_number = in.u8();
  feedback.chunks_and_deltas = in.rest();
  if (!in.ok()) {
    return std::nullopt;
  }
  return TwccReader(feedback).malformed() ? std::nullopt : Parsed(feedback);
}

Parsed read_transport_feedback(ByteReader in, std::uint8_t format) {
  const std::uint32_t sender = in.u32();
  const std::uint32_t media = in.u32();
  if (!in.ok()) {
    return std::nullopt;
  }
  if (format == kNackFormat) {
    const bool whole = in.left() >= 4 && in.left() % 4 == 0;
    return whole ? Parsed(Nack{sender, media, in.rest()}) : std::nullopt;
  }
  return format == kTwccFormat ? read_twcc(in, sender, media)
                               : Parsed(OtherRtcp{kTransportFeedback, format});
}

// Application layer feedback is REMB or nothing that we know.
Parsed read_remb(ByteReader in, std::uint32_t sender) {
  if (in.u32() != kRembName) {
    return in.ok() ? Parsed(OtherRtcp{kPayloadFeedback, kApplicationFormat}) : std::nullopt;
  }
  const std::uint8_t count = in.u8();
  const std::uint32_t rate = in.u24();
  const unsigned exponent = rate >> 18;
  const std::uint64_t mantissa = rate & 0x3FFFF;
  Remb remb;
  remb.sender_ssrc = sender;
  remb.bitrate_bps = exponent <= 45 ? mantissa << exponent : std::uint64_t{1} << 63;
  remb.ssrcs = in.bytes(std::size_t{4} * count);
  return in.ok() ? Parsed(remb) : std::nullopt;
}

Parsed read_payload_feedback(ByteReader in, std::uint8_t format) {
  const std::uint32_t sender = in.u32();
  const std::uint32_t media = in.u32();
  if (!in.ok()) {
    return std::nullopt;
  }
  if (format == kPliFormat) {
    return Pli{sender, media};
  }
  if (format == kFirFormat) {
    const bool whole = in.left() >= 8 && in.left() % 8 == 0;
    return whole ? Parsed(Fir{sender, in.rest()}) : std::nullopt;
  }
  return format == kApplicationFormat ? read_remb(in, sender)
                                      : Parsed(OtherRtcp{kPayloadFeedback, format});
}

Parsed read_body(std::uint8_t packet_type, std::uint8_t count, Bytes body) {
  const ByteReader in(body);
  switch (packet_type) {
    case kSenderReport:
      return read_sender_report(in, count);
    case kReceiverReport:
      return read_receiver_report(in, count);
    case kSdes:
      return read_sdes(in, count);
    case kBye:
      return read_bye(in, count);
    case kTransportFeedback:
      return read_transport_feedback(in, count);
    case kPayloadFeedback:
      return read_payload_feedback(in, count);
    default:
      return OtherRtcp{packet_type, count};
  }
}

// Body without padding; nothing when the padding is a lie.
std::optional<Bytes> without_padding(Bytes packet) {
  Bytes body = packet.subspan(4);
  if ((packet[0] & 0x20) != 0) {
    if (body.empty() || body.back() == 0 || body.back() > body.size()) {
      return std::nullopt;
    }
    body = body.first(body.size() - body.back());
  }
  return body;
}

}  // namespace

std::optional<RtcpItem> RtcpReader::next() {
  while (!rest_.empty()) {
    const std::size_t size = rest_.size() < 4 ? 0 : 4 + std::size_t{4} * load_u16(&rest_[2]);
    if (size == 0 || size > rest_.size() || rest_[0] >> 6 != 2) {
      malformed_ = true;
      rest_ = {};
      break;
    }
    const Bytes packet = rest_.first(size);
    rest_ = rest_.subspan(size);
    const auto body = without_padding(packet);
    auto item = body ? read_body(packet[1], packet[0] & 0x1F, *body) : std::nullopt;
    if (item) {
      return item;
    }
    malformed_ = true;
  }
  return std::nullopt;
}

}  // namespace cardea::rtp
