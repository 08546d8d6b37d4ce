// What a sink does on RTCP: retransmissions and reports.
#include <algorithm>

#include "core/peer/send_stream.hpp"
#include "core/rtp/codec/vp8.hpp"
#include "core/rtp/padding.hpp"
#include "core/rtp/sequence.hpp"

namespace cardea::peer {
namespace {

// Threat M7: retransmissions take at most a tenth of the media's bytes, saved up to this much ...
constexpr std::uint64_t kMaxCredit = 64 * 1024;
constexpr std::uint64_t kLeastCredit = 4 * 1024;
// ... and at least this many bytes per second, else a tenth of an audio stream would repair
// nothing.
constexpr std::uint64_t kFloorPerSecond = 2'000;
// A remote that reports a tiny round trip must not be able to lift the bound.
constexpr Duration kMinRepeat = std::chrono::milliseconds(10);

}  // namespace

void SendStream::retransmit(const rtp::Nack& nack, Time now) {
  if (!transport_.open || !source_ || sent_.empty()) {
    return;
  }
  const auto earned = std::min<std::uint64_t>(
      static_cast<std::uint64_t>((now - credit_at_).count()) * kFloorPerSecond / 1'000'000,
      kMaxCredit);
  // The remainder of a short while must not get lost.
  if (earned > 0) {
    credit_at_ = now;
    credit_ += earned;
  }
  credit_ = std::min(credit_, most_credit());
  nack.for_each([&](std::uint16_t seq) { resend(seq, now); });
}

// No more at once than a thin link carries in a fifth of a second: it has a queue of about that.
std::uint64_t SendStream::most_credit() const {
  const Congestion& congestion = transport_.congestion;
  return congestion.known() ? std::clamp(congestion.estimate() / 40, kLeastCredit, kMaxCredit)
                            : kMaxCredit;
}

void SendStream::resend(std::uint16_t seq, Time now) {
  Counters& counters = transport_.counters;
  ++counters.nacks_in;
  Sent& sent = sent_[seq & (sent_.size() - 1)];
  const auto back =
      rtp::distance<std::uint16_t>(static_cast<std::uint16_t>(numbering_.last()), seq);
  const std::uint64_t out = numbering_.last() + static_cast<std::uint64_t>(std::int64_t{back});
  const rtp::Packet* packet = back <= 0 ? sent_before(out) : nullptr;
  if (packet == nullptr) {
    ++counters.nack_cache_misses;
    return;
  }
  const std::chrono::milliseconds since(in_milliseconds(now) - sent.resent);
  if (sent.resent != 0 && since < std::max<Duration>(transport_.round_trip, kMinRepeat)) {
    ++counters.nack_too_soon;
    return;
  }
  if (credit_ < packet->bytes().size()) {
    ++counters.nack_over_budget;
    return;
  }
  const std::uint8_t rtx_type = rtx_type_for(sent.payload_type);
  if (rtx_type != 0 ? resend_as_rtx(*packet, sent, rtx_type, now) : resend_plain(*packet, sent)) {
    credit_ -= packet->bytes().size();
    sent.resent = in_milliseconds(now);
    ++counters.retransmissions;
  } else {
    ++counters.send_failed;
    return;
  }
  // Copies never take what first answers need.
  if (rtx_type != 0 && copies() && credit_ >= most_credit() / 4 + packet->bytes().size() &&
      resend_as_rtx(*packet, sent, rtx_type, now)) {
    credit_ -= packet->bytes().size();
    ++counters.copies;
  }
}

const rtp::Packet* SendStream::sent_before(std::uint64_t number) const {
  const Sent& sent = sent_[number & (sent_.size() - 1)];
  const bool same = number >= valid_from_ && sent.seq == static_cast<std::uint16_t>(number) &&
                    sent.payload_type != kNoPayload;
  if (!same) {
    return nullptr;
  }
  const SourceLayer& layer = source_->layers[sent.layer];
  const rtp::Packet* packet = layer.cache.find(sent.source_seq);
  // What a viewer began with may be older than what is kept for the others.
  return packet == nullptr ? layer.frames.find(sent.source_seq) : packet;
}

// One packet later, so that one gust of loss does not take both. The remote's replay check drops
// what it has.
void SendStream::copy_last_but_one() {
  const std::uint64_t number = numbering_.last() - 1;
  const rtp::Packet* packet = sent_before(number);
  if (packet != nullptr && resend_plain(*packet, sent_[number & (sent_.size() - 1)])) {
    ++transport_.counters.copies;
  }
}

bool SendStream::resend_as_rtx(const rtp::Packet& packet, const Sent& sent, std::uint8_t rtx_type,
                               Time now) {
  rtp::Rewrite rewrite = rewrite_of(sent);
  rewrite.ssrc = rtx_ssrc_;
  rewrite.seq = rtx_seq_;
  rewrite.payload_type = rtx_type;
  rewrite.abs_send_time = rtp::abs_send_time(now);
  rewrite.transport_seq = transport_.congestion.next_seq();
  const MutableBytes space = transport_.arena.reserve(SendArena::kMaxDatagram);
  const std::size_t size =
      rtp::write_rtx_packet(packet, rewrite, sent.seq, source_->extensions, extensions_, space);
  if (sent.moves_picture && size != 0) {
    const std::size_t payload = packet.payload().size();
    rtp::renumber_vp8(space.subspan(size - payload, payload), sent.picture_id, sent.tl0);
  }
  transport_.show(false, space.first(size));
  const srtp::SrtpResult result = size == 0 ? srtp::SrtpResult{0, srtp::SrtpError::NoRoom}
                                            : transport_.outgoing->protect_rtp(space, size);
  if (!result) {
    return false;
  }
  commit_rtx(result.size, now);
  return true;
}

void SendStream::commit_rtx(std::size_t size, Time now) {
  ++rtx_seq_;
  transport_.arena.commit(transport_.path, size);
  transport_.committed(size);
  if (numbered()) {
    transport_.congestion.sent(size, now);
  }
}

bool SendStream::send_padding(std::size_t bytes, Time now) {
  const Sent& last = sent_[numbering_.last() & (sent_.size() - 1)];
  const std::uint8_t rtx_type = rtx_type_for(last.payload_type);
  if (!transport_.open || rtx_type == 0) {
    return false;
  }
  rtp::Rewrite rewrite;
  rewrite.ssrc = rtx_ssrc_;
  rewrite.seq = rtx_seq_;
  rewrite.timestamp = last.timestamp;
  rewrite.payload_type = rtx_type;
  rewrite.mid = mid_;
  rewrite.abs_send_time = rtp::abs_send_time(now);
  rewrite.transport_seq = transport_.congestion.next_seq();
  const MutableBytes space = transport_.arena.reserve(SendArena::kMaxDatagram);
  const std::size_t size = rtp::write_padding_packet(rewrite, extensions_, bytes, space);
  if (size == 0) {
    return false;
  }
  transport_.show(false, space.first(size));
  const srtp::SrtpResult result = transport_.outgoing->protect_rtp(space, size);
  if (!result) {
    ++transport_.counters.send_failed;
    return false;
  }
  commit_rtx(result.size, now);
  transport_.counters.padding_bytes += result.size;
  return true;
}

// Under its old number, the transport-wide one too: to the remote's reports it is a copy.
bool SendStream::resend_plain(const rtp::Packet& packet, const Sent& sent) {
  const srtp::SrtpResult result = seal(packet, sent);
  if (!result) {
    return false;
  }
  transport_.arena.commit(transport_.path, result.size);
  transport_.committed(result.size);
  return true;
}

std::uint8_t SendStream::rtx_type_for(std::uint8_t payload_type) const {
  if (rtx_ssrc_ == 0) {
    return 0;
  }
  for (const PayloadType& type : payload_types_) {
    if (type.number == payload_type) {
      return type.rtx_number;
    }
  }
  return 0;
}

void SendStream::write_report(rtp::RtcpWriter& out, Time now) {
  if (!numbering_.started() || !source_) {
    return;
  }
  const SenderClock& clock = source_->layers[numbering_.layer()].clock;
  if (!clock.known() || numbering_.restarting()) {
    return;
  }
  const auto elapsed = static_cast<std::uint64_t>((now - clock.at).count());
  const std::uint64_t seconds = elapsed / 1'000'000;
  rtp::SenderReport report;
  report.ssrc = ssrc_;
  report.ntp = clock.ntp + (seconds << 32) + ((elapsed % 1'000'000) << 32) / 1'000'000;
  report.rtp_timestamp = clock.rtp_timestamp + numbering_.timestamp_offset() +
                         static_cast<std::uint32_t>(elapsed * clock_rate_ / 1'000'000);
  report.packets = static_cast<std::uint32_t>(packets_);
  report.octets = static_cast<std::uint32_t>(octets_);
  out.sender_report(report);
  out.sdes_cname(ssrc_, cname_);
  reports_[next_report_++ % reports_.size()] = {static_cast<std::uint32_t>(report.ntp >> 16), now};
}

std::optional<Duration> SendStream::receiver_report(const rtp::ReportBlock& block, Time now) {
  if (block.cumulative_lost > remote_lost_) {
    new_lost_ += static_cast<std::uint32_t>(block.cumulative_lost - remote_lost_);
  }
  remote_lost_ = block.cumulative_lost;
  if (block.last_sr == 0) {
    return std::nullopt;
  }
  for (const SentReport& sent : reports_) {
    if (sent.at != Time() && sent.compact_ntp == block.last_sr) {
      const Duration held(std::int64_t{block.delay_since_last_sr} * 1'000'000 / 65'536);
      return std::max(now - sent.at - held, Duration(1));
    }
  }
  return std::nullopt;
}

StreamStats SendStream::stats() const {
  StreamStats out;
  out.layer = numbering_.layer();
  out.ssrc = ssrc_;
  out.rtx_ssrc = rtx_ssrc_;
  out.packets = packets_;
  out.bytes = octets_;
  out.lost = static_cast<std::uint64_t>(std::max(remote_lost_, 0));
  return out;
}

std::uint32_t SendStream::take_lost() { return std::exchange(new_lost_, 0); }

}  // namespace cardea::peer
