// The first byte decides where a datagram goes; time decides the rest.
#include "core/peer/peer.hpp"

#include <algorithm>

#include "core/dtls/fingerprint.hpp"
#include "core/ice/credentials.hpp"
#include "core/peer/classify.hpp"

namespace cardea::peer {
namespace {

// A remote that never checks: its candidates do not reach us, or it has gone.
constexpr Duration kSetupTimeout = std::chrono::seconds(30);
constexpr Duration kTick = std::chrono::seconds(1);
constexpr std::uint32_t kSlowLinkLost = 8;

Result<dtls::Fingerprint> fingerprint_of(const Params& params) {
  return dtls::parse_fingerprint(params.remote_fingerprint_hash + " " + params.remote_fingerprint);
}

ice::Credentials credentials_of(const Params& params) {
  return {params.local_ice.ufrag, params.local_ice.password};
}

Drop drop_of(ice::StunDrop drop) {
  switch (drop) {
    case ice::StunDrop::Malformed:
      return Drop::StunMalformed;
    case ice::StunDrop::UnknownUser:
      return Drop::StunUnknownUser;
    case ice::StunDrop::BadIntegrity:
      return Drop::StunIntegrity;
    default:
      return Drop::StunOther;
  }
}

bool has_media(const Params& params) {
  return std::any_of(params.lines.begin(), params.lines.end(), [](const LineParams& line) {
    return line.active && line.kind != LineParams::Kind::Data;
  });
}

dtls::EndpointOptions dtls_options(const Params& params) {
  dtls::EndpointOptions options;
  options.srtp_required = has_media(params);
  return options;
}

Result<srtp::Session> session_for(const dtls::SrtpKeys& keys, const dtls::SrtpKey& key,
                                  std::size_t max_streams) {
  return srtp::Session::create(static_cast<srtp::Profile>(keys.profile), key.key(), key.salt(),
                               {max_streams});
}

}  // namespace

Result<void> check_params(const Params& params) {
  if (const auto fingerprint = fingerprint_of(params); !fingerprint) {
    return fingerprint.error();
  }
  return ice::check_credentials(credentials_of(params));
}

Peer::Peer(const Params& params, const Environment& environment, Time now)
    : listener_(environment.listener),
      max_bitrate_(environment.max_bitrate),
      transport_(environment.arena, environment.counters),
      dtls_(environment.identity,
            params.dtls_role == DtlsRole::Server ? dtls::Role::Server : dtls::Role::Client,
            *fingerprint_of(params), dtls_options(params)),
      receiver_(transport_, sources_, listener_),
      rtcp_in_(transport_, sources_, sinks_, listener_),
      rtcp_out_(transport_, sources_, sinks_),
      made_(now),
      setup_deadline_(now + kSetupTimeout),
      data_only_(!has_media(params)) {
  update(params);
}

std::string Peer::update(const Params& params) {
  const auto current = ice_.generations().empty() ? std::string() : ice_.generations().back().ufrag;
  std::string pushed_out;
  if (current != params.local_ice.ufrag) {
    if (auto added = ice_.add_credentials(credentials_of(params))) {
      pushed_out = *std::move(added);
    }
  }
  sources_.configure(params.lines);
  sinks_.resize(std::max(sinks_.size(), params.lines.size()));
  for (std::size_t i = 0; i < params.lines.size(); ++i) {
    const LineParams& line = params.lines[i];
    if (sinks_[i]) {
      sinks_[i]->configure(line);
    } else if (line.active && line.sends && line.send_ssrc != 0) {
      sinks_[i] = std::make_unique<SendStream>(transport_, line);
    }
  }
  line_bitrates_.resize(sinks_.size());
  params_ = params;
  return pushed_out;
}

std::vector<std::string> Peer::ufrags() const {
  std::vector<std::string> names;
  for (const ice::Credentials& generation : ice_.generations()) {
    names.push_back(generation.ufrag);
  }
  return names;
}

SourceLine* Peer::source(std::uint32_t line) {
  auto& lines = sources_.lines();
  return line < lines.size() && lines[line].active ? &lines[line] : nullptr;
}

SendStream* Peer::sink(std::uint32_t line) {
  return line < sinks_.size() && sinks_[line] && sinks_[line]->active() ? sinks_[line].get()
                                                                        : nullptr;
}

std::optional<SourcePacket> Peer::receive(MutableBytes datagram, const Path& from, Time now) {
  if (state_ == State::Ended) {
    return std::nullopt;
  }
  const Protocol protocol = classify(datagram);
  switch (protocol) {
    case Protocol::Stun:
      on_stun(datagram, from, now);
      return std::nullopt;
    case Protocol::Dtls:
      on_dtls(datagram, from, now);
      return std::nullopt;
    case Protocol::Unknown:
      transport_.counters.drop(Drop::NotWebrtc);
      return std::nullopt;
    default:
      break;
  }
  if (!valid_path(from)) {
    transport_.counters.drop(Drop::MediaForeign);
    return std::nullopt;
  }
  if (!transport_.incoming) {
    transport_.counters.drop(Drop::NotReady);
    return std::nullopt;
  }
  if (protocol == Protocol::Rtp) {
    return receiver_.receive(datagram, now);
  }
  if (const Bytes compound = receiver_.open_rtcp(datagram); !compound.empty()) {
    rtcp_in_.receive(compound, now);
  }
  return std::nullopt;
}

void Peer::on_stun(Bytes datagram, const Path& from, Time now) {
  const ice::StunOutcome request = ice_.judge(datagram, from);
  if (request.drop != ice::StunDrop::None) {
    transport_.counters.drop(drop_of(request.drop));
  }
  // No success for a path that is another peer's: what came on that pair would be lost.
  if (request.authenticated && !listener_.path_checked(from)) {
    transport_.counters.drop(Drop::AddressTaken);
    return;
  }
  if (request.reply_size != 0) {
    transport_.send(from, request.reply());
  }
  if (!request.authenticated) {
    return;
  }
  ice_.accept(request, now);
  transport_.path = ice_.selected();
  if (const auto pushed_out = valid_.checked(from, transport_.path, now)) {
    listener_.path_dropped(*pushed_out);
  }
  if (state_ == State::Waiting) {
    state_ = State::Handshaking;
    dtls_.start(now);
    send_dtls();
    follow_dtls(now);
  }
}

void Peer::lose_path(const Path& path) {
  valid_.remove(path);
  if (transport_.path == path) {
    ice_.lose_path();
    transport_.path = valid_.newest();
  }
}

void Peer::forget_paths(Time now) {
  for (const Path& path : valid_.forget(transport_.path, now)) {
    listener_.path_dropped(path);
  }
}

void Peer::on_dtls(Bytes datagram, const Path& from, Time now) {
  if (!valid_path(from)) {
    transport_.counters.drop(Drop::DtlsForeign);
    return;
  }
  dtls_.receive(datagram, now);
  send_dtls();
  follow_dtls(now);
}

void Peer::send_dtls() {
  for (const auto& datagram : dtls_.take_output()) {
    transport_.send(transport_.path, datagram);
  }
}

void Peer::follow_dtls(Time now) {
  switch (dtls_.state()) {
    case dtls::State::Failed:
      return end(dtls_.failure() == dtls::Failure::FingerprintMismatch ? "DTLS fingerprint mismatch"
                                                                       : "DTLS handshake failed");
    case dtls::State::Closed:
      return end("DTLS alert");
    case dtls::State::Connected:
      break;
    default:
      return;
  }
  if (state_ == State::Handshaking && !come_up(now)) {
    return;
  }
  // Data can come in the same datagram as the end of the handshake.
  if (auto packets = dtls_.take_application_data(); !packets.empty()) {
    listener_.application_data(std::move(packets));
  }
}

bool Peer::come_up(Time now) {
  const bool no_srtp = data_only_ && !dtls_.keys();
  if (!no_srtp && !start_srtp()) {
    end("SRTP keys refused");
    return false;
  }
  state_ = State::Connected;
  transport_.open = !no_srtp;
  connected_ = now;
  next_tick_ = now;
  listener_.connected();
  return true;
}

void Peer::send_application_data(Bytes packet) {
  if (state_ == State::Connected && dtls_.send(packet)) {
    send_dtls();
  }
}

bool Peer::start_srtp() {
  const auto& keys = dtls_.keys();
  if (!keys) {
    return false;
  }
  // A sink needs its SSRC and that of its RTX, and sinks may still be added.
  auto outgoing = session_for(*keys, keys->local, 4096);
  auto incoming = session_for(*keys, keys->remote, StreamTable::kMaxSsrcs);
  if (!outgoing || !incoming) {
    return false;
  }
  transport_.outgoing.emplace(*std::move(outgoing));
  transport_.incoming.emplace(*std::move(incoming));
  return true;
}

void Peer::end(std::string_view reason) {
  if (state_ == State::Ended) {
    return;
  }
  state_ = State::Ended;
  transport_.open = false;
  listener_.ended(reason);
}

void Peer::close() {
  if (state_ == State::Connected) {
    dtls_.close();
    send_dtls();
  }
  state_ = State::Ended;
  transport_.open = false;
}

void Peer::poll(Time now) {
  if (state_ == State::Ended) {
    return;
  }
  if (ice_.expired(now)) {
    return end("ICE consent expired");
  }
  if (state_ == State::Waiting) {
    if (now >= setup_deadline_) {
      end("ICE failed");
    }
    return;
  }
  if (state_ == State::Handshaking) {
    dtls_.poll(now);
    send_dtls();
    return follow_dtls(now);
  }
  if (now >= receiver_.next_nack()) {
    receiver_.poll_nacks(rtcp_out_, now);
  }
  if (now >= receiver_.next_arrivals()) {
    receiver_.poll_arrivals(rtcp_out_, now);
  }
  if (now >= transport_.congestion.next_deadline(true)) {
    transport_.congestion.poll(now);
    fill_probe(now);
  }
  if (now >= next_tick_) {
    tick(now);
  }
}

void Peer::tick(Time now) {
  next_tick_ = now + kTick;
  rtcp_out_.send_reports(remb_bitrate(), now);
  receiver_.tick(now);
  forget_paths(now);
  for (std::uint32_t line = 0; line < sinks_.size(); ++line) {
    if (sinks_[line]) {
      sinks_[line]->delay_playout(transport_.congestion.worth_copies());
    }
    const std::uint32_t lost = sinks_[line] ? sinks_[line]->take_lost() : 0;
    if (lost >= kSlowLinkLost) {
      listener_.slow_link(line, false, lost);
    }
  }
}

Time Peer::next_deadline() const {
  if (state_ == State::Ended) {
    return Time::max();
  }
  const Time consent = ice_.next_deadline().value_or(Time::max());
  switch (state_) {
    case State::Waiting:
      return std::min(consent, setup_deadline_);
    case State::Handshaking:
      return std::min(consent, dtls_.next_deadline().value_or(Time::max()));
    default:
      return std::min({consent, next_tick_, receiver_.next_nack(), receiver_.next_arrivals(),
                       transport_.congestion.next_deadline(padder() != nullptr)});
  }
}

bool Peer::request_keyframe(std::uint32_t line, std::uint8_t layer) {
  const SourceLine* from = source(line);
  if (from == nullptr || layer >= kMaxLayers || !from->layers[layer]) {
    return false;
  }
  return rtcp_out_.send_keyframe_request(*from, from->layers[layer]->place().ssrc);
}

}  // namespace cardea::peer
