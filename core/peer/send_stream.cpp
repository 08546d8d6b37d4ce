// Forwarding: numbering, header, encryption.
#include "core/peer/send_stream.hpp"

#include <algorithm>

namespace cardea::peer {
namespace {

// Powers of two, as long as the source's cache holds packets.
constexpr std::size_t kVideoRing = 1024;
constexpr std::size_t kAudioRing = 64;
// Enough to repair the first key frame before any bitrate is known.
constexpr std::uint64_t kFirstCredit = 32 * 1024;
constexpr std::uint64_t kCycle = 0x1'0000;
// A longer step would make the receiver, and our own SRTP index, take it for one back.
constexpr std::uint64_t kMaxGap = 0x4000;

std::uint32_t ticks(Duration elapsed, std::uint32_t clock_rate) {
  return static_cast<std::uint32_t>(elapsed.count() * clock_rate / 1'000'000);
}

}  // namespace

SendStream::SendStream(Transport& transport, const LineParams& params)
    : transport_(transport), credit_(kFirstCredit) {
  configure(params);
}

void SendStream::configure(const LineParams& params) {
  active_ = params.active && params.sends && params.send_ssrc != 0;
  if (!active_) {
    return;
  }
  ssrc_ = params.send_ssrc;
  rtx_ssrc_ = params.nack ? params.send_rtx_ssrc : 0;
  clock_rate_ = params.payload_types.empty() ? 0 : params.payload_types.front().clock_rate;
  video_ = params.kind == LineParams::Kind::Video;
  mid_ = params.mid;
  cname_ = params.cname;
  payload_types_ = params.payload_types;
  extensions_ = to_rtp_ids(params.extensions);
  // What goes out again under an old number must be what went out before, to the last byte (the
  // number is the nonce), and header extensions may have changed.
  valid_from_ = last_out_ + 1;
  if (params.nack && sent_.empty()) {
    sent_.resize(video_ ? kVideoRing : kAudioRing);
  }
}

void SendStream::attach(std::shared_ptr<const SourceState> source) {
  source_ = std::move(source);
  restart_ = true;
  valid_from_ = last_out_ + 1;
}

PayloadMap SendStream::map_payloads(const SourceLine& source) const {
  PayloadMap map;
  map.fill(kNoPayload);
  for (std::size_t number = 0; number < map.size(); ++number) {
    const PayloadInfo& payload = source.payloads[number];
    if (payload.use != PayloadInfo::Use::Media) {
      continue;
    }
    for (const PayloadType& type : payload_types_) {
      // The same number is the same profile, where one codec appears with several.
      if (type.codec == payload.codec && (map[number] == kNoPayload || type.number == number)) {
        map[number] = type.number;
      }
    }
  }
  return map;
}

void SendStream::begin_at(const SourcePacket& in, Time now) {
  base_seq_ = in.seq;
  if (started_) {
    base_out_ = last_out_ + 1;
    const std::uint32_t passed = std::max(1U, ticks(now - last_sent_, clock_rate_));
    timestamp_offset_ = last_timestamp_ + passed - in.packet.timestamp();
  } else {
    // Low, so that losing the first packets cannot mislead the receiver's rollover counter
    // (RFC 3711 3.3.1).
    base_out_ = kCycle + (in.packet.seq() & 0x7FFF);
    last_out_ = base_out_ - 1;
    valid_from_ = base_out_;
    credit_at_ = now;
    started_ = true;
  }
  epoch_ = in.epoch;
  layer_ = in.layer;
  restart_ = false;
}

rtp::Rewrite SendStream::rewrite_of(const Sent& sent) const {
  rtp::Rewrite rewrite;
  rewrite.ssrc = ssrc_;
  rewrite.timestamp = sent.timestamp;
  rewrite.seq = sent.seq;
  rewrite.payload_type = sent.payload_type;
  rewrite.mid = mid_;
  rewrite.abs_send_time = sent.abs_send_time;
  rewrite.transport_seq = sent.transport_seq;
  return rewrite;
}

bool SendStream::forward(const SourcePacket& in, std::uint8_t payload_type, Time now) {
  if (!transport_.open || !source_) {
    return false;
  }
  const bool far = in.seq >= base_seq_ && base_out_ + (in.seq - base_seq_) > last_out_ + kMaxGap;
  if (restart_ || in.epoch != epoch_ || far) {
    begin_at(in, now);
  }
  // Older than the packet that this run of numbers began with: its number is taken.
  if (in.seq < base_seq_) {
    return false;
  }
  const std::uint64_t out = base_out_ + (in.seq - base_seq_);
  if (!used_.is_new(out)) {
    return false;
  }
  Sent sent;
  sent.source_seq = in.seq;
  sent.seq = static_cast<std::uint16_t>(out);
  sent.timestamp = in.packet.timestamp() + timestamp_offset_;
  sent.layer = in.layer;
  sent.payload_type = payload_type;
  if (in.repaired) {
    // The sink missed it before we had it: its NACKs still on their way are answered by this one.
    sent.resent = now;
  }
  if (extensions_.id(rtp::ExtensionKind::AbsSendTime) != 0) {
    sent.abs_send_time = rtp::abs_send_time(now);
  }
  if (extensions_.id(rtp::ExtensionKind::TransportCc) != 0) {
    sent.transport_seq = transport_.next_transport_seq++;
  }

  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): zeroing it would be felt per packet.
  std::array<std::uint8_t, rtp::kMaxOutgoingHeader> header;
  const std::size_t header_size =
      rtp::write_header(in.packet, rewrite_of(sent), source_->extensions, extensions_, header);
  const Bytes payload = in.packet.payload();
  const MutableBytes space =
      transport_.arena.reserve(header_size + payload.size() + srtp::kMaxOverhead);
  const srtp::SrtpResult result =
      transport_.outgoing->protect_rtp(Bytes(header).first(header_size), payload, space);
  if (header_size == 0 || !result) {
    ++transport_.counters.send_failed;
    return false;
  }
  used_.commit(out);
  transport_.arena.commit(transport_.path, result.size);
  transport_.committed(result.size);
  ++transport_.counters.rtp_forwarded;

  if (out > last_out_) {
    last_out_ = out;
    last_timestamp_ = sent.timestamp;
    last_sent_ = now;
  }
  if (!sent_.empty()) {
    sent_[out & (sent_.size() - 1)] = sent;
  }
  credit_ += result.size / 10;
  ++packets_;
  octets_ += payload.size();
  return true;
}

}  // namespace cardea::peer
