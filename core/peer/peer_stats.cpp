// What a peer tells of itself when it is asked.
#include "core/peer/peer.hpp"

namespace cardea::peer {
namespace {

const char* kind_word(LineParams::Kind kind) {
  switch (kind) {
    case LineParams::Kind::Audio:
      return "audio";
    case LineParams::Kind::Video:
      return "video";
    default:
      return "data";
  }
}

const char* profile_name(srtp::Profile profile) {
  switch (profile) {
    case srtp::Profile::AeadAes128Gcm:
      return "SRTP_AEAD_AES_128_GCM";
    case srtp::Profile::AeadAes256Gcm:
      return "SRTP_AEAD_AES_256_GCM";
    default:
      return "SRTP_AES128_CM_HMAC_SHA1_80";
  }
}

const char* dtls_word(dtls::State state) {
  switch (state) {
    case dtls::State::New:
      return "created";
    case dtls::State::Handshaking:
      return "trying";
    case dtls::State::Connected:
      return "connected";
    default:
      return "failed";
  }
}

LineStats line_stats(const LineParams& params, std::uint32_t index, bool incoming) {
  LineStats out;
  out.line = index;
  out.incoming = incoming;
  out.kind = kind_word(params.kind);
  out.mid = params.mid;
  if (!params.payload_types.empty()) {
    out.codec = rtp::codec_name(params.payload_types.front().codec);
  }
  return out;
}

LineStats source_stats(const SourceLine& line, LineStats out) {
  for (const auto& stream : line.layers) {
    if (stream) {
      out.streams.push_back(stream->stats());
    }
  }
  return out;
}

}  // namespace

PeerStats Peer::stats(Time now) const {
  PeerStats out;
  out.ice_state = state_ == State::Ended ? "failed" : ice_.has_path() ? "connected" : "gathering";
  out.dtls_state = dtls_word(dtls_.state());
  out.dtls_role = dtls_.role() == dtls::Role::Server ? "server" : "client";
  if (transport_.outgoing) {
    out.srtp_profile = profile_name(transport_.outgoing->profile());
  }
  if (!transport_.path.empty()) {
    out.remote_address = transport_.path.remote.to_string();
  }
  out.local_ufrag = params_.local_ice.ufrag;
  out.remote_ufrag = params_.remote_ice.ufrag;
  out.remote_fingerprint = params_.remote_fingerprint_hash + " " + params_.remote_fingerprint;
  out.age = now - made_;
  out.connected = connected_ == Time() ? Duration::zero() : now - connected_;
  out.round_trip = transport_.round_trip;
  out.remb_received = transport_.remote_estimate;
  if (transport_.congestion.known()) {
    out.estimate = transport_.congestion.estimate();
    out.loss = transport_.congestion.loss();
  }
  for (std::uint32_t i = 0; i < params_.lines.size(); ++i) {
    const SourceLine& source = sources_.lines()[i];
    if (source.active) {
      out.lines.push_back(source_stats(source, line_stats(params_.lines[i], i, true)));
    }
    if (sinks_[i] && sinks_[i]->active()) {
      out.lines.push_back(line_stats(params_.lines[i], i, false));
      out.lines.back().streams.push_back(sinks_[i]->stats());
    }
  }
  return out;
}

}  // namespace cardea::peer
