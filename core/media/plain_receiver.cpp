#include "core/media/plain_receiver.hpp"

#include <array>
#include <utility>

#include "core/media/forward_end.hpp"
#include "core/rtp/rtcp_writer.hpp"

namespace cardea::media {
namespace {

constexpr Duration kTick = std::chrono::seconds(1);
constexpr std::uint32_t kOwnSsrc = 1;
constexpr std::size_t kPayloadTypes = 128;

// The stream is known by its SSRC: without a number its packets may have any.
std::vector<peer::PayloadType> payload_types(const peer::PayloadType& wanted) {
  std::vector<peer::PayloadType> out(wanted.number == 0 ? kPayloadTypes : 1, wanted);
  for (std::size_t i = 1; i < out.size(); ++i) {
    out[i].number = static_cast<std::uint8_t>(i);
  }
  return out;
}

std::vector<peer::LineParams> params_of(const std::vector<PlainLine>& lines) {
  std::vector<peer::LineParams> out;
  for (const PlainLine& line : lines) {
    peer::LineParams& params = out.emplace_back();
    params.kind = line.kind;
    params.receives = true;
    params.payload_types = payload_types(line.payload);
    params.remote_ssrcs = line.ssrcs;
    params.pli = line.kind == peer::LineParams::Kind::Video;
  }
  return out;
}

}  // namespace

PlainReceiver::PlainReceiver(const ReceiverSettings& settings, peer::SendArena& arena,
                             peer::Counters& counters, peer::Listener& listener, Send send)
    : transport_(arena, counters),
      table_(false),
      receiver_(transport_, table_, listener),
      rtcp_(transport_, table_, no_sinks_, listener),
      send_(std::move(send)) {
  table_.configure(params_of(settings.lines));
}

Result<std::unique_ptr<PlainReceiver>> PlainReceiver::create(const ReceiverSettings& settings,
                                                             peer::SendArena& arena,
                                                             peer::Counters& counters,
                                                             peer::Listener& listener, Send send) {
  auto incoming = session_for(settings.keys);
  auto outgoing = session_for(settings.keys);
  if (!incoming || !outgoing) {
    return incoming ? outgoing.error() : incoming.error();
  }
  std::unique_ptr<PlainReceiver> out(
      new PlainReceiver(settings, arena, counters, listener, std::move(send)));
  out->transport_.incoming = *std::move(incoming);
  out->transport_.outgoing = *std::move(outgoing);
  return out;
}

peer::SourceLine* PlainReceiver::source(std::uint32_t line) {
  auto& lines = table_.lines();
  return line < lines.size() && lines[line].active ? &lines[line] : nullptr;
}

std::optional<peer::SourcePacket> PlainReceiver::receive(MutableBytes datagram, const Address& from,
                                                         Time now) {
  if (datagram.size() < 2 || datagram[0] >> 6 != 2) {
    transport_.counters.drop(peer::Drop::NotWebrtc);
    return std::nullopt;
  }
  if (rtp::is_rtcp(datagram)) {
    receive_rtcp(datagram, from, now);
    return std::nullopt;
  }
  const auto packet =
      transport_.incoming ? receiver_.receive(datagram, now) : receiver_.take(datagram, now);
  if (packet) {
    rtp_from_ = from;
    next_tick_ = std::min(next_tick_, now + kTick);
  }
  return packet;
}

void PlainReceiver::receive_rtcp(MutableBytes datagram, const Address& from, Time now) {
  const Bytes compound = transport_.incoming ? receiver_.open_rtcp(datagram) : Bytes(datagram);
  if (!compound.empty()) {
    rtcp_from_ = from;
    rtcp_.receive(compound, now);
  }
}

void PlainReceiver::poll(Time now) {
  if (now < next_tick_) {
    return;
  }
  next_tick_ = now + kTick;
  receiver_.tick(now);
}

bool PlainReceiver::request_keyframe(std::uint32_t line, std::uint8_t layer) {
  const peer::SourceLine* from = source(line);
  // To where its RTCP comes from; one who sends none may multiplex it with RTP (RFC 5761).
  const Address& to = rtcp_from_.empty() ? rtp_from_ : rtcp_from_;
  if (from == nullptr || layer >= peer::kMaxLayers || !from->layers[layer] || to.empty()) {
    return false;
  }
  std::array<std::uint8_t, 64> buffer{};
  rtp::RtcpWriter writer(MutableBytes(buffer).first(buffer.size() - srtp::kMaxOverhead));
  writer.receiver_report(kOwnSsrc);
  writer.pli(kOwnSsrc, from->layers[layer]->place().ssrc);
  std::size_t size = writer.size();
  if (transport_.outgoing) {
    size = transport_.outgoing->protect_rtcp(buffer, size).size;
  }
  if (size == 0) {
    ++transport_.counters.send_failed;
    return false;
  }
  ++transport_.counters.keyframe_requests;
  send_(to, Bytes(buffer).first(size));
  return true;
}

}  // namespace cardea::media
