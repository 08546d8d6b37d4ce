#include "core/media/forward_end.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <variant>

#include "core/rtp/codec/vp8.hpp"
#include "core/rtp/rewrite.hpp"
#include "core/rtp/rtcp_reader.hpp"
#include "core/rtp/rtcp_writer.hpp"

namespace cardea::media {
namespace {

constexpr std::size_t kKeySize = 16;
constexpr std::size_t kSaltSize = 14;
constexpr std::size_t kMaxStreams = 8;
// A source without packets yet has no SSRC to speak for.
constexpr std::uint32_t kNoSsrc = 1;

}  // namespace

Result<std::optional<srtp::Session>> session_for(const PlainKeys& keys) {
  if (keys.suite == 0) {
    return std::optional<srtp::Session>();
  }
  if (keys.key.size() != kKeySize + kSaltSize) {
    return Error{"an SRTP key has 30 bytes"};
  }
  const auto profile =
      keys.suite == 32 ? srtp::Profile::Aes128CmSha1_32 : srtp::Profile::Aes128CmSha1_80;
  const Bytes key(keys.key);
  auto session =
      srtp::Session::create(profile, key.first(kKeySize), key.subspan(kKeySize), {kMaxStreams});
  if (!session) {
    return session.error();
  }
  return std::optional<srtp::Session>(*std::move(session));
}

ForwardEnd::ForwardEnd(ForwardSettings settings, peer::SendArena& arena, peer::Counters& counters)
    : settings_(std::move(settings)), arena_(arena), counters_(counters), ssrc_(settings_.ssrc) {}

Result<std::shared_ptr<ForwardEnd>> ForwardEnd::create(const ForwardSettings& settings,
                                                       peer::SendArena& arena,
                                                       peer::Counters& counters) {
  std::shared_ptr<ForwardEnd> end(new ForwardEnd(settings, arena, counters));
  auto outgoing = session_for(settings.keys);
  auto incoming = session_for(settings.keys);
  if (!outgoing || !incoming) {
    return outgoing ? incoming.error() : outgoing.error();
  }
  end->outgoing_ = *std::move(outgoing);
  end->incoming_ = *std::move(incoming);
  if (settings.rtcp_port != 0) {
    auto rtcp = Address::parse(settings.to.ip(), settings.rtcp_port);
    if (!rtcp) {
      return rtcp.error();
    }
    end->rtcp_ = *rtcp;
  }
  return end;
}

void ForwardEnd::attach(const peer::SourceLine& source, bool anew) {
  clock_rate_ = source.clock_rate;
  from_ = source.state->extensions;
  to_ = {};
  // What means something behind this server too.
  for (const auto kind : {rtp::ExtensionKind::AudioLevel, rtp::ExtensionKind::VideoOrientation}) {
    to_.set(kind, from_.id(kind));
  }
  if (anew) {
    numbering_.restart();
  }
}

bool ForwardEnd::forward(const peer::SourcePacket& in, bool ends_picture, Time now) {
  const auto numbers = numbering_.number(in, clock_rate_, now);
  if (!numbers) {
    return false;
  }
  ssrc_ = ssrc_ != 0 ? ssrc_ : in.packet.ssrc();
  rtp::Rewrite rewrite;
  rewrite.ssrc = ssrc_;
  rewrite.seq = static_cast<std::uint16_t>(numbers->seq);
  rewrite.timestamp = numbers->timestamp;
  rewrite.payload_type =
      settings_.payload_type != 0 ? settings_.payload_type : in.packet.payload_type();
  rewrite.marker = ends_picture;
  const Bytes payload = in.packet.payload();
  const MutableBytes space =
      arena_.reserve(rtp::kMaxOutgoingHeader + payload.size() + srtp::kMaxOverhead);
  const std::size_t header =
      rtp::write_header(in.packet, rewrite, from_, to_, space.first(rtp::kMaxOutgoingHeader));
  if (header == 0) {
    ++counters_.send_failed;
    return false;
  }
  std::memcpy(space.data() + header, payload.data(), payload.size());
  if (numbers->moves_picture) {
    rtp::renumber_vp8(space.subspan(header, payload.size()), numbers->picture_id, numbers->tl0);
  }
  std::size_t size = header + payload.size();
  if (outgoing_) {
    const srtp::SrtpResult sealed = outgoing_->protect_rtp(space, size);
    if (!sealed) {
      ++counters_.send_failed;
      return false;
    }
    size = sealed.size;
  }
  numbering_.commit(in, *numbers, now);
  arena_.commit(settings_.to, size);
  ++counters_.packets_out;
  counters_.bytes_out += size;
  return true;
}

void ForwardEnd::open_rtcp() {
  std::array<std::uint8_t, 64> buffer{};
  rtp::RtcpWriter report(MutableBytes(buffer).first(32));
  report.receiver_report(ssrc_ != 0 ? ssrc_ : kNoSsrc);
  std::size_t size = report.size();
  if (outgoing_) {
    size = outgoing_->protect_rtcp(buffer, size).size;
  }
  if (size != 0) {
    arena_.add(rtcp_, Bytes(buffer).first(size));
  }
}

ForwardEnd::Wish ForwardEnd::keyframe_wish(MutableBytes datagram) {
  if (incoming_) {
    const srtp::SrtpResult opened = incoming_->unprotect_rtcp(datagram);
    if (!opened) {
      counters_.drop(peer::Drop::SrtpAuth);
      return Wish::None;
    }
    datagram = datagram.first(opened.size);
  }
  Wish wish = Wish::None;
  const auto take = [&](std::uint32_t ssrc) {
    wish = ssrc == ssrc_ ? Wish::Own : std::max(wish, Wish::Other);
  };
  rtp::RtcpReader reader(datagram);
  while (const auto item = reader.next()) {
    if (const auto* pli = std::get_if<rtp::Pli>(&*item)) {
      take(pli->media_ssrc);
    } else if (const auto* fir = std::get_if<rtp::Fir>(&*item)) {
      for (std::size_t i = 0; i < fir->size(); ++i) {
        take(fir->ssrc(i));
      }
    }
  }
  if (reader.malformed()) {
    counters_.drop(peer::Drop::RtcpMalformed);
  }
  return wish;
}

}  // namespace cardea::media
