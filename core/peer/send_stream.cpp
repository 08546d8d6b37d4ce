// Forwarding: numbering, header, encryption.
#include "core/peer/send_stream.hpp"

#include <algorithm>
#include <cstring>

#include "core/base/prefetch.hpp"
#include "core/rtp/codec/vp8.hpp"

namespace cardea::peer {
namespace {

// Powers of two, as long as the source's cache holds packets.
constexpr std::size_t kVideoRing = 1024;
constexpr std::size_t kAudioRing = 64;
constexpr std::size_t kFirstRing = 64;
// Enough to repair the first key frame before any bitrate is known.
constexpr std::uint64_t kFirstCredit = 32 * 1024;
// The greatest playout delay where nobody wished for one, ms: that of libwebrtc.
constexpr std::int32_t kAnyDelay = 10'000;
// A round trip from which on a retransmission often comes too late for the picture.
constexpr Duration kLongRoundTrip = std::chrono::milliseconds(100);
constexpr std::int32_t kDelayStep = 50;
constexpr std::int32_t kMostDelay = 500;

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
  valid_from_ = numbering_.last() + 1;
  // Sound without NACK may have to be sent twice.
  if ((params.nack || (numbered() && !video_)) && sent_.empty()) {
    max_sent_ = video_ ? kVideoRing : kAudioRing;
    sent_.resize(kFirstRing);
  }
}

void SendStream::attach(const SourceLine& source, bool anew) {
  payloads_ = map_payloads(source);
  if (anew) {
    source_ = source.state;
    restart_numbers();
  }
}

void SendStream::detach() {
  source_ = nullptr;
  restart_numbers();
}

void SendStream::restart_numbers() {
  numbering_.restart();
  valid_from_ = numbering_.last() + 1;
}

void SendStream::set_playout_delay(std::int32_t min, std::int32_t max) {
  wished_min_delay_ = min;
  wished_max_delay_ = max;
  write_playout_delay();
}

void SendStream::write_playout_delay() {
  const std::int32_t min = std::max(wished_min_delay_, protective_delay_);
  const std::int32_t max =
      wished_max_delay_ < 0 && protective_delay_ >= 0 ? kAnyDelay : wished_max_delay_;
  std::uint32_t delay = rtp::kNoPlayoutDelay;
  if (min >= 0 || max >= 0) {
    const auto least = static_cast<std::uint32_t>(std::max(min, 0)) / 10;
    const auto most = static_cast<std::uint32_t>(std::max({max, min, 0})) / 10;
    delay = (least & 0xFFF) << 12 | (most & 0xFFF);
  }
  if (delay == playout_delay_) {
    return;
  }
  playout_delay_ = delay;
  // A retransmission under a number of its own may say something else than the first packet did.
  const bool always_rtx =
      rtx_ssrc_ != 0 && std::all_of(payload_types_.begin(), payload_types_.end(),
                                    [](const PayloadType& type) { return type.rtx_number != 0; });
  if (!always_rtx) {
    valid_from_ = numbering_.last() + 1;
  }
}

// Not taken back before the loss ends, so that it does not go up and down with the round trip; then
// by zero, since without the extension the remote goes on as it was told last.
void SendStream::delay_playout(bool random_loss) {
  if (!random_loss) {
    protective_delay_ = std::min(protective_delay_, 0);
  } else if (video_ && transport_.round_trip >= kLongRoundTrip) {
    // One round trip, and what the remote waits before it asks.
    const auto wait = static_cast<std::int32_t>(transport_.round_trip.count() * 3 / 2000);
    const std::int32_t delay = std::min((wait / kDelayStep + 1) * kDelayStep, kMostDelay);
    protective_delay_ = std::max(protective_delay_, delay);
  }
  write_playout_delay();
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

rtp::Rewrite SendStream::rewrite_of(const Sent& sent) const {
  rtp::Rewrite rewrite;
  rewrite.ssrc = ssrc_;
  rewrite.timestamp = sent.timestamp;
  rewrite.seq = sent.seq;
  rewrite.payload_type = sent.payload_type;
  rewrite.mid = mid_;
  rewrite.abs_send_time = sent.abs_send_time;
  rewrite.transport_seq = sent.transport_seq;
  rewrite.marker = sent.marker;
  rewrite.playout_delay = playout_delay_;
  return rewrite;
}

srtp::SrtpResult SendStream::seal(const rtp::Packet& packet, const Sent& sent) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): zeroing it would be felt per packet.
  std::array<std::uint8_t, rtp::kMaxOutgoingHeader> header;
  const std::size_t header_size =
      rtp::write_header(packet, rewrite_of(sent), source_->extensions, extensions_, header);
  const Bytes payload = packet.payload();
  const std::size_t size = header_size + payload.size();
  const MutableBytes space = transport_.arena.reserve(size + srtp::kMaxOverhead);
  if (header_size == 0) {
    return {0, srtp::SrtpError::NoRoom};
  }
  if (!sent.moves_picture && !transport_.dump) {
    return transport_.outgoing->protect_rtp(Bytes(header).first(header_size), payload, space);
  }
  std::memcpy(space.data(), header.data(), header_size);
  std::memcpy(space.data() + header_size, payload.data(), payload.size());
  if (sent.moves_picture) {
    rtp::renumber_vp8(space.subspan(header_size, payload.size()), sent.picture_id, sent.tl0);
  }
  transport_.show(false, space.first(size));
  return transport_.outgoing->protect_rtp(space, size);
}

void SendStream::keep_sent(const Sent& sent, Time now) {
  if ((sent.seq & (sent_.size() - 1)) == 0) {
    // What it writes over could still be asked for: it holds less than the source's cache does.
    if (now < turned_ + RtxCache::kKeep && sent_.size() < max_sent_) {
      std::vector<Sent> larger(sent_.size() * 2);
      for (const Sent& each : sent_) {
        if (each.payload_type != kNoPayload) {
          larger[each.seq & (larger.size() - 1)] = each;
        }
      }
      sent_ = std::move(larger);
    }
    turned_ = now;
  }
  sent_[sent.seq & (sent_.size() - 1)] = sent;
}

void SendStream::prepare() const {
  prefetch(&numbering_, sizeof numbering_);
  prefetch(&transport_, sizeof transport_);
  if (!sent_.empty()) {
    prefetch(&sent_[(numbering_.last() + 1) & (sent_.size() - 1)], sizeof(Sent));
  }
}

bool SendStream::forward(const SourcePacket& in, bool ends_picture, Time now) {
  if (!transport_.open || !source_) {
    return false;
  }
  const std::uint8_t payload_type = payloads_[in.packet.payload_type()];
  if (payload_type == kNoPayload) {
    ++transport_.counters.unmapped_payload;
    return false;
  }
  const bool first = !numbering_.started();
  const auto numbers = numbering_.number(in, clock_rate_, now);
  if (!numbers) {
    return false;
  }
  if (first) {
    valid_from_ = numbers->seq;
    credit_at_ = now;
  }
  Sent sent;
  sent.source_seq = in.seq;
  sent.seq = static_cast<std::uint16_t>(numbers->seq);
  sent.timestamp = numbers->timestamp;
  sent.layer = in.layer;
  sent.payload_type = payload_type;
  sent.marker = ends_picture;
  sent.moves_picture = numbers->moves_picture;
  sent.picture_id = numbers->picture_id;
  sent.tl0 = numbers->tl0;
  if (in.repaired) {
    // The sink missed it before we had it: its NACKs still on their way are answered by this one.
    sent.resent = in_milliseconds(now);
  }
  if (extensions_.id(rtp::ExtensionKind::AbsSendTime) != 0) {
    sent.abs_send_time = rtp::abs_send_time(now);
  }
  sent.transport_seq = transport_.congestion.next_seq();
  const srtp::SrtpResult result = seal(in.packet, sent);
  if (!result) {
    ++transport_.counters.send_failed;
    return false;
  }
  numbering_.commit(in, *numbers, now);
  transport_.arena.commit(transport_.path, result.size);
  transport_.committed(result.size);
  if (numbered()) {
    transport_.congestion.sent(result.size, now);
  }
  ++transport_.counters.rtp_forwarded;

  if (!sent_.empty()) {
    keep_sent(sent, now);
  }
  credit_ += result.size / 10;
  ++packets_;
  octets_ += in.packet.payload().size();
  if (!video_ && copies()) {
    copy_last_but_one();
  }
  return true;
}

}  // namespace cardea::peer
