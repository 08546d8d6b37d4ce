// Steps 5 to 7 of a packet's walk.
#include "core/peer/receiver.hpp"

#include <algorithm>

#include "core/rtp/rewrite.hpp"

namespace cardea::peer {
namespace {

// Opus with DTX still sends a packet every 400 ms.
constexpr Duration kSilence = std::chrono::seconds(1);
// Packets per second; a few are everyday life on Wi-Fi.
constexpr std::uint32_t kSlowLinkLost = 8;

rtp::FrameInfo read_frame(const StreamTable::Found& found, const rtp::Packet& packet,
                          rtp::Codec codec, std::uint64_t seq) {
  rtp::FrameInfo frame = rtp::read_frame(codec, packet.payload());
  if (codec != rtp::Codec::Av1) {
    return frame;
  }
  const auto id = found.line->state->extensions.id(rtp::ExtensionKind::DependencyDescriptor);
  const auto value = rtp::find_extension(packet, id);
  const auto descriptor = value ? found.stream->dependencies(*value, seq) : std::nullopt;
  if (descriptor) {
    rtp::add_dependencies(frame, *descriptor);
  }
  return frame;
}

bool starts_decoder(const SourceLine& line, rtp::Codec codec, const rtp::FrameInfo& frame) {
  // Of a codec that we cannot read every packet may be the right one.
  return !line.video || codec == rtp::Codec::Unknown || frame.keyframe;
}

}  // namespace

void Receiver::count(srtp::SrtpError error) {
  using srtp::SrtpError;
  switch (error) {
    case SrtpError::AuthFailed:
      return transport_.counters.drop(Drop::SrtpAuth);
    case SrtpError::Replayed:
      return transport_.counters.drop(Drop::SrtpReplay);
    case SrtpError::TooManyStreams:
      return transport_.counters.drop(Drop::SsrcCap);
    default:
      return transport_.counters.drop(Drop::SrtpMalformed);
  }
}

std::optional<SourcePacket> Receiver::receive(MutableBytes datagram, Time now) {
  const srtp::SrtpResult opened = transport_.incoming->unprotect_rtp(datagram);
  if (!opened) {
    count(opened.error);
    return std::nullopt;
  }
  transport_.show(true, datagram.first(opened.size));
  return take(datagram.first(opened.size), now);
}

std::optional<SourcePacket> Receiver::take(MutableBytes clear, Time now) {
  const auto packet = rtp::Packet::parse(clear);
  if (!packet) {
    transport_.counters.drop(Drop::RtpMalformed);
    return std::nullopt;
  }
  note_arrival(*packet, now);
  const StreamTable::Found found = table_.find(*packet);
  if (found.stream == nullptr) {
    transport_.counters.drop(found.why);
    return std::nullopt;
  }
  ++transport_.counters.rtp_in;
  if (found.payload.use == PayloadInfo::Use::Rtx) {
    return restore(found, clear, now);
  }
  return accept(found, *packet, false, now);
}

// Also of packets that are dropped for what they carry: they came, and the sender asks for nothing
// else.
void Receiver::note_arrival(const rtp::Packet& packet, Time now) {
  const std::uint8_t id = table_.transport_cc_id();
  const auto value = id == 0 ? std::nullopt : rtp::find_extension(packet, id);
  if (const auto seq = value ? rtp::read_transport_seq(*value) : std::nullopt) {
    arrivals_.received(*seq, packet.bytes().size(), now);
  }
}

std::optional<SourcePacket> Receiver::restore(const StreamTable::Found& found,
                                              MutableBytes datagram, Time now) {
  const std::size_t size =
      rtp::restore_from_rtx(datagram, found.stream->place().ssrc, found.payload.original);
  const auto packet = rtp::Packet::parse(datagram.first(size));
  if (!packet) {
    transport_.counters.drop(Drop::RtxEmpty);
    return std::nullopt;
  }
  return accept(found, *packet, true, now);
}

std::optional<SourcePacket> Receiver::accept(const StreamTable::Found& found,
                                             const rtp::Packet& packet, bool repaired, Time now) {
  ReceiveStream& stream = *found.stream;
  const ReceiveStream::Place& place = stream.place();
  const auto seq = stream.received(packet, repaired, now);
  if (!seq) {
    transport_.counters.drop(Drop::RtpLate);
    return std::nullopt;
  }
  if (!found.line->flowing) {
    found.line->flowing = true;
    listener_.media_flow(place.line, true);
  }
  const rtp::Codec codec = found.line->payloads[packet.payload_type()].codec;
  const rtp::FrameInfo frame =
      found.line->video ? read_frame(found, packet, codec, *seq) : rtp::FrameInfo();
  const bool keyframe = starts_decoder(*found.line, codec, frame);
  if (keyframe && found.line->video) {
    stream.keyframe(*seq);
  }
  if (const auto nack = stream.next_nack()) {
    next_nack_ = std::min(next_nack_, *nack);
  }
  return SourcePacket{packet,   *seq,  place.line, place.epoch, place.layer,
                      keyframe, codec, repaired,   frame};
}

Bytes Receiver::open_rtcp(MutableBytes datagram) {
  const srtp::SrtpResult opened = transport_.incoming->unprotect_rtcp(datagram);
  if (!opened) {
    count(opened.error);
    return {};
  }
  transport_.show(true, datagram.first(opened.size));
  return datagram.first(opened.size);
}

void Receiver::poll_nacks(RtcpSender& rtcp, Time now) {
  next_nack_ = Time::max();
  for (SourceLine& line : table_.lines()) {
    for (const auto& stream : line.layers) {
      if (!stream || !line.nack) {
        continue;
      }
      const auto seqs = stream->poll_nack(now);
      if (!seqs.empty()) {
        rtcp.send_nack(stream->place().ssrc, seqs);
      }
      if (stream->take_gave_up() && line.video) {
        listener_.keyframe_needed(stream->place().line, stream->place().layer);
      }
      if (const auto next = stream->next_nack()) {
        next_nack_ = std::min(next_nack_, *next);
      }
    }
  }
}

void Receiver::tick(Time now) {
  for (std::uint32_t index = 0; index < table_.lines().size(); ++index) {
    SourceLine& line = table_.lines()[index];
    if (!line.active) {
      continue;
    }
    Time last;
    std::uint32_t lost = 0;
    for (std::size_t layer = 0; layer < kMaxLayers; ++layer) {
      if (const auto& stream = line.layers[layer]) {
        last = std::max(last, stream->last_packet());
        lost += stream->take_lost();
        stream->set_round_trip(transport_.round_trip);
      }
      line.state->layers[layer].cache.evict(now);
      line.state->layers[layer].frames.evict(now);
    }
    if (line.flowing && last + kSilence < now) {
      line.flowing = false;
      listener_.media_flow(index, false);
    }
    if (lost >= kSlowLinkLost) {
      listener_.slow_link(index, true, lost);
    }
  }
}

}  // namespace cardea::peer
