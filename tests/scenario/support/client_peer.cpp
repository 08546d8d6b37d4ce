// The client's side of ICE, DTLS and RTP.
#include "tests/scenario/support/client_peer.hpp"

#include <algorithm>

#include "core/peer/classify.hpp"
#include "core/rtp/codec/vp8.hpp"
#include "core/rtp/header_extension.hpp"
#include "core/rtp/rewrite.hpp"
#include "core/rtp/rtcp_reader.hpp"

namespace cardea::scenario {
namespace {

constexpr std::uint32_t kOwnSsrc = 7;
constexpr std::uint8_t kMidId = 1;
constexpr std::uint8_t kRidId = 2;
constexpr std::uint8_t kLevelId = 4;
constexpr std::size_t kHistory = 512;

ice::ClientAgentConfig agent_config(const ClientOptions& options) {
  ice::ClientAgentConfig config;
  config.local = options.local;
  config.remote = options.remote;
  config.remote_address = options.server;
  config.make_transaction_id = [counter = options.seed]() mutable {
    ice::TransactionId id{};
    store_u64(id.data(), ++counter * 0x9E3779B97F4A7C15ULL);
    return id;
  };
  return config;
}

}  // namespace

ClientPeer::ClientPeer(const ClientOptions& options, Send send, Time now)
    : options_(options),
      send_(std::move(send)),
      ice_(agent_config(options), now),
      dtls_(options.certificate, dtls::Role::Client, *options.server_fingerprint) {}

void ClientPeer::restart_ice(const Address& address, const ice::Credentials& local,
                             const ice::Credentials& remote, Time now) {
  options_.address = address;
  options_.local = local;
  options_.remote = remote;
  options_.seed += 1'000'000;
  ice_ = ice::ClientAgent(agent_config(options_), now);
}

void ClientPeer::receive(MutableBytes datagram, const Address& from, Time now) {
  switch (peer::classify(datagram)) {
    case peer::Protocol::Stun:
      if (!ice_stopped_ && ice_.receive(datagram, from, now) && dtls_.state() == dtls::State::New) {
        dtls_.start(now);
      }
      break;
    case peer::Protocol::Dtls:
      dtls_.receive(datagram, now);
      follow_dtls(now);
      break;
    case peer::Protocol::Rtp:
      on_rtp(datagram, now);
      break;
    case peer::Protocol::Rtcp:
      on_rtcp(datagram, now);
      break;
    default:
      ++bad_packets_;
  }
  for (const auto& out : dtls_.take_output()) {
    send_(options_.address, options_.server, out);
  }
  if (connected() && next_report_ == Time::max()) {
    next_report_ = now + std::chrono::milliseconds(500);
  }
}

void ClientPeer::close() {
  dtls_.close();
  for (const auto& out : dtls_.take_output()) {
    send_(options_.address, options_.server, out);
  }
  ice_stopped_ = true;
}

void ClientPeer::follow_dtls(Time now) {
  if (outgoing_ || dtls_.state() != dtls::State::Connected) {
    return;
  }
  connected_at_ = now;
  const dtls::SrtpKeys& keys = *dtls_.keys();
  const auto profile = static_cast<srtp::Profile>(keys.profile);
  outgoing_ = *srtp::Session::create(profile, keys.local.key(), keys.local.salt());
  incoming_ = *srtp::Session::create(profile, keys.remote.key(), keys.remote.salt(), {4096});
}

void ClientPeer::poll(Time now) {
  if (!ice_stopped_) {
    ice_.poll(now);
    for (const auto& out : ice_.take_output()) {
      send_(options_.address, options_.server, out);
    }
  }
  dtls_.poll(now);
  for (const auto& out : dtls_.take_output()) {
    send_(options_.address, options_.server, out);
  }
  if (!connected()) {
    return;
  }
  for (auto& [ssrc, source] : sources_) {
    while (source.next <= now) {
      send_frame(source, now);
    }
  }
  for (auto& [ssrc, sink] : sinks_) {
    const auto seqs = sink.nack.poll(now);
    if (!seqs.empty()) {
      send_rtcp([&, id = ssrc](rtp::RtcpWriter& out) { out.nack(kOwnSsrc, id, seqs); }, now);
    }
  }
  send_arrivals(now);
  if (next_report_ <= now) {
    next_report_ = now + std::chrono::seconds(1);
    send_reports(now);
  }
}

Time ClientPeer::next_deadline() const {
  Time next = dtls_.next_deadline().value_or(Time::max());
  if (!ice_stopped_) {
    next = std::min(next, ice_.next_deadline().value_or(Time::max()));
  }
  if (!connected()) {
    return next;
  }
  for (const auto& [ssrc, source] : sources_) {
    next = std::min(next, source.next);
  }
  for (const auto& [ssrc, sink] : sinks_) {
    next = std::min(next, sink.nack.next_deadline().value_or(Time::max()));
  }
  return std::min({next, next_report_, arrivals_.next_deadline().value_or(Time::max())});
}

void ClientPeer::add_source(const FakeSource& what, Time now) {
  Source source;
  source.what = what;
  source.next = now;
  // Near the wrap, where numbering goes wrong first.
  source.seq = static_cast<std::uint16_t>(65'500 + what.ssrc % 16);
  source.timestamp = what.ssrc * 7919;
  sources_[what.ssrc] = std::move(source);
}

/// X, I, L and T of the VP8 descriptor. @returns its size.
std::size_t ClientPeer::add_layers(const Source& source, MutableBytes payload) {
  static constexpr std::array<std::uint8_t, 4> kPattern{0, 2, 1, 2};
  // The first of each upper layer after a base frame needs that one only.
  static constexpr std::array<bool, 4> kSync{false, true, true, false};
  const std::size_t place = source.keyframe ? 0 : source.frame % kPattern.size();
  payload[0] = static_cast<std::uint8_t>(payload[0] | 0x80);
  payload[1] = 0xE0;
  store_u16(payload.data() + 2, static_cast<std::uint16_t>(0x8000 | (source.frame & 0x7FFF)));
  payload[4] = source.tl0;
  payload[5] = static_cast<std::uint8_t>(kPattern[place] << 6 | (kSync[place] ? 0x20 : 0));
  return 6;
}

std::vector<std::uint8_t> ClientPeer::make_packet(Source& source, std::size_t index) const {
  const FakeSource& what = source.what;
  std::vector<std::uint8_t> packet(12 + 64);
  packet[0] = 0x90;
  const bool last = index + 1 == what.packets;
  packet[1] = static_cast<std::uint8_t>(what.payload_type | (last ? 0x80 : 0));
  store_u16(packet.data() + 2, source.seq);
  store_u32(packet.data() + 4, source.timestamp);
  store_u32(packet.data() + 8, what.ssrc);
  rtp::ExtensionWriter extensions(MutableBytes(packet).subspan(12), false);
  extensions.add(kMidId, as_bytes(what.mid));
  if (!what.rid.empty()) {
    extensions.add(kRidId, as_bytes(what.rid));
  }
  if (what.audio_level >= 0) {
    const std::array<std::uint8_t, 1> level{static_cast<std::uint8_t>(what.audio_level)};
    extensions.add(kLevelId, level);
  }
  if (what.transport_cc) {
    extensions.add(kTransportCcId, std::array<std::uint8_t, 2>{});
  }
  packet.resize(12 + extensions.finish());
  const std::size_t head = packet.size();
  packet.resize(head + what.payload_size, 0xAB);
  std::size_t data = head + 1;
  if (what.video) {
    packet[head] = index == 0 ? 0x10 : 0x00;
    data = what.temporal ? add_layers(source, MutableBytes(packet).subspan(head)) + head : data;
    packet[data] = source.keyframe && !what.keyframes_hidden ? 0x00 : 0x01;
  }
  packet[data + 1] = static_cast<std::uint8_t>(what.ssrc);
  return packet;
}

void ClientPeer::send_frame(Source& source, Time now) {
  for (std::size_t i = 0; i < source.what.packets; ++i) {
    const auto packet = make_packet(source, i);
    source.history[source.seq] = packet;
    source.history.erase(static_cast<std::uint16_t>(source.seq - kHistory));
    send_rtp(packet, now);
    ++source.seq;
  }
  source.keyframe = false;
  if (++source.frame % 4 == 0) {
    ++source.tl0;
  }
  source.timestamp += source.what.ticks;
  source.next += source.what.interval;
}

void ClientPeer::send_rtp(Bytes packet, Time now, const Address* from) {
  std::vector<std::uint8_t> buffer(packet.begin(), packet.end());
  number(buffer, now);
  buffer.resize(packet.size() + srtp::kMaxOverhead);
  const auto result = outgoing_->protect_rtp(buffer, packet.size());
  if (result) {
    ++sent_rtp_;
    send_(from != nullptr ? *from : options_.address, options_.server,
          Bytes(buffer).first(result.size));
  }
}

void ClientPeer::send_rtcp(const std::function<void(rtp::RtcpWriter&)>& write, Time /*now*/) {
  std::vector<std::uint8_t> buffer(1400);
  rtp::RtcpWriter writer(MutableBytes(buffer).first(1300));
  writer.receiver_report(kOwnSsrc);
  write(writer);
  const auto result = outgoing_->protect_rtcp(buffer, writer.size());
  if (result) {
    send_(options_.address, options_.server, Bytes(buffer).first(result.size));
  }
}

void ClientPeer::send_reports(Time now) {
  for (auto& [ssrc, source] : sources_) {
    rtp::SenderReport report;
    report.ssrc = ssrc;
    report.ntp = static_cast<std::uint64_t>(now.time_since_epoch().count()) << 12;
    report.rtp_timestamp = source.timestamp;
    send_rtcp([&](rtp::RtcpWriter& out) { out.sender_report(report); }, now);
  }
}

void ClientPeer::on_rtp(MutableBytes datagram, Time now) {
  if (!incoming_) {
    return;
  }
  const auto opened = incoming_->unprotect_rtp(datagram);
  if (!opened) {
    ++bad_packets_;
    return;
  }
  bytes_received_ += datagram.size();
  const auto packet = rtp::Packet::parse(datagram.first(opened.size));
  if (!packet) {
    ++bad_packets_;
    return;
  }
  if (const auto value = rtp::find_extension(*packet, kTransportCcId)) {
    arrivals_.received(load_u16(value->data()), datagram.size(), now);
  }
  const auto original = rtx_of_.find(packet->ssrc());
  if (original == rtx_of_.end()) {
    return on_media(*packet, false, now);
  }
  const std::size_t size = rtp::restore_from_rtx(datagram.first(opened.size), original->second.ssrc,
                                                 original->second.payload_type);
  if (const auto restored = rtp::Packet::parse(datagram.first(size))) {
    on_media(*restored, true, now);
  }
}

void ClientPeer::on_media(const rtp::Packet& packet, bool repaired, Time now) {
  ReceivedStream& stream = received_[packet.ssrc()];
  Sink& sink = sinks_[packet.ssrc()];
  const std::uint64_t seq = sink.unwrapper.unwrap(packet.seq());
  sink.nack.received(seq, now);
  if (!stream.seqs.insert(seq).second) {
    ++stream.duplicates;
    return;
  }
  if (stream.packets++ == 0) {
    stream.first = seq;
    stream.highest = seq;
    stream.last_timestamp = packet.timestamp();
  }
  stream.first = std::min(stream.first, seq);
  if (seq >= stream.highest) {
    stream.highest = seq;
    const bool back = rtp::distance<std::uint32_t>(stream.last_timestamp, packet.timestamp()) < 0;
    stream.timestamp_steps_back += back ? 1 : 0;
    stream.last_timestamp = packet.timestamp();
  }
  stream.repaired += repaired ? 1 : 0;
  const bool keyframe = rtp::is_vp8_keyframe(packet.payload());
  if (keyframe && stream.keyframes == 0) {
    stream.first_picture = packet.timestamp();
  }
  stream.keyframes += keyframe ? 1 : 0;
  ++stream.packets_at[packet.timestamp()];
  if (stream.keyframes != 0 && packet.timestamp() == stream.first_picture) {
    stream.first_picture_at = now;
  }
  stream.last_at = now;
  stream.last_payload_type = packet.payload_type();
  stream.last_mid = rtp::find_text_extension(packet, kMidId);
  const auto vp8 = rtp::parse_vp8(packet.payload());
  if (vp8 && vp8->picture_id && vp8->starts_partition) {
    const auto expected = static_cast<std::uint16_t>((stream.last_picture + 1) & 0x7FFF);
    stream.picture_gaps += stream.pictures++ != 0 && *vp8->picture_id != expected ? 1 : 0;
    stream.last_picture = *vp8->picture_id;
    stream.highest_temporal = std::max(stream.highest_temporal, vp8->temporal_id.value_or(0));
  }
  const std::size_t mark = vp8 ? vp8->size + 1 : 2;
  stream.last_mark = packet.payload().size() > mark ? packet.payload()[mark] : std::uint8_t{0};
  last_media_ = now;
}

void ClientPeer::on_rtcp(MutableBytes datagram, Time now) {
  if (!incoming_) {
    return;
  }
  const auto opened = incoming_->unprotect_rtcp(datagram);
  if (!opened) {
    ++bad_packets_;
    return;
  }
  rtp::RtcpReader reader(datagram.first(opened.size));
  while (const auto item = reader.next()) {
    if (const auto* nack = std::get_if<rtp::Nack>(&*item)) {
      answer(*nack, now);
    } else if (const auto* pli = std::get_if<rtp::Pli>(&*item)) {
      plis_[pli->media_ssrc].push_back(now);
      if (const auto found = sources_.find(pli->media_ssrc);
          found != sources_.end() && !ignore_plis_) {
        found->second.keyframe = true;
      }
    } else if (const auto* remb = std::get_if<rtp::Remb>(&*item)) {
      last_remb_ = remb->bitrate_bps;
    } else if (const auto* feedback = std::get_if<rtp::TwccFeedback>(&*item)) {
      on(*feedback, now);
    } else if (std::holds_alternative<rtp::SenderReport>(*item)) {
      ++sender_reports_;
    }
  }
}

void ClientPeer::answer(const rtp::Nack& nack, Time now) {
  const auto found = sources_.find(nack.media_ssrc);
  if (found == sources_.end()) {
    return;
  }
  Source& source = found->second;
  nack.for_each([&](std::uint16_t seq) {
    const auto held = source.history.find(seq);
    if (held == source.history.end()) {
      return;
    }
    if (source.what.rtx_ssrc == 0) {
      return send_rtp(held->second, now);
    }
    const auto original = rtp::Packet::parse(held->second);
    rtp::Rewrite rewrite;
    rewrite.ssrc = source.what.rtx_ssrc;
    rewrite.seq = source.rtx_seq++;
    rewrite.timestamp = original->timestamp();
    rewrite.payload_type = source.what.rtx_type;
    rewrite.mid = source.what.mid;
    rtp::ExtensionIds ids;
    ids.set(rtp::ExtensionKind::Mid, kMidId);
    std::vector<std::uint8_t> buffer(1600);
    const std::size_t size = rtp::write_rtx_packet(*original, rewrite, seq, ids, ids, buffer);
    send_rtp(Bytes(buffer).first(size), now);
  });
}

}  // namespace cardea::scenario
