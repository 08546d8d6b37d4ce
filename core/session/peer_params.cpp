// Copies a negotiation's outcome into peer::Params.
#include "core/session/peer_params.hpp"

#include <algorithm>

namespace cardea::session {
namespace {

peer::ExtensionIds extension_ids(const rtp::ExtensionIds& ids) {
  using rtp::ExtensionKind;
  peer::ExtensionIds out;
  out.mid = ids.id(ExtensionKind::Mid);
  out.rid = ids.id(ExtensionKind::Rid);
  out.repaired_rid = ids.id(ExtensionKind::RepairedRid);
  out.audio_level = ids.id(ExtensionKind::AudioLevel);
  out.abs_send_time = ids.id(ExtensionKind::AbsSendTime);
  out.transport_cc = ids.id(ExtensionKind::TransportCc);
  out.video_orientation = ids.id(ExtensionKind::VideoOrientation);
  out.playout_delay = ids.id(ExtensionKind::PlayoutDelay);
  out.dependency_descriptor = ids.id(ExtensionKind::DependencyDescriptor);
  return out;
}

peer::LineParams::Kind line_kind(sdp::MediaKind kind) {
  switch (kind) {
    case sdp::MediaKind::Audio:
      return peer::LineParams::Kind::Audio;
    case sdp::MediaKind::Video:
      return peer::LineParams::Kind::Video;
    default:
      return peer::LineParams::Kind::Data;
  }
}

peer::LineParams line_params(const sdp::NegotiatedLine& line, const std::string& cname) {
  peer::LineParams out;
  out.kind = line_kind(line.kind);
  out.mid = line.mid;
  out.receives = sdp::receives(line.direction);
  out.sends = sdp::sends(line.direction);
  out.active = line.direction != sdp::Direction::Inactive;
  if (line.codec != rtp::Codec::Unknown) {
    out.payload_types.push_back(
        {line.payload_type, line.codec, line.clock_rate, line.rtx_payload_type});
  }
  out.extensions = extension_ids(line.extensions);
  const bool has_rtx = std::any_of(line.remote_ssrcs.begin(), line.remote_ssrcs.end(),
                                   [](const sdp::RemoteSsrc& s) { return s.rtx_ssrc != 0; });
  for (const sdp::RemoteSsrc& ssrc : line.remote_ssrcs) {
    out.remote_ssrcs.push_back(ssrc.ssrc);
    if (has_rtx) {
      out.remote_rtx_ssrcs.push_back(ssrc.rtx_ssrc);
    }
  }
  out.rids = line.rids;
  out.nack = line.nack;
  out.pli = line.pli;
  out.fir = line.fir;
  out.remb = line.remb;
  out.send_ssrc = line.local_ssrc;
  out.send_rtx_ssrc = line.local_rtx_ssrc;
  out.cname = cname;
  if (line.kind == sdp::MediaKind::Application) {
    out.local_sctp_port = line.local_sctp_port;
    out.remote_sctp_port = line.remote_sctp_port;
    out.remote_max_message = line.remote_max_message;
  }
  return out;
}

}  // namespace

peer::Params make_peer_params(const sdp::Description& local, const sdp::Description& remote,
                              const std::vector<sdp::NegotiatedLine>& lines, peer::DtlsRole role,
                              const std::string& cname) {
  const sdp::TransportInfo ours = local.bundle_transport();
  const sdp::TransportInfo theirs = remote.bundle_transport();
  peer::Params out;
  out.local_ice = {ours.ice_ufrag, ours.ice_pwd};
  out.remote_ice = {theirs.ice_ufrag, theirs.ice_pwd};
  out.dtls_role = role;
  // check_secure() has seen that one is there; the strongest one that everybody has goes first.
  const auto sha256 =
      std::find_if(theirs.fingerprints.begin(), theirs.fingerprints.end(),
                   [](const sdp::Fingerprint& f) { return f.algorithm == "sha-256"; });
  if (!theirs.fingerprints.empty()) {
    const sdp::Fingerprint& chosen =
        sha256 != theirs.fingerprints.end() ? *sha256 : theirs.fingerprints.front();
    out.remote_fingerprint_hash = chosen.algorithm;
    out.remote_fingerprint = chosen.value;
  }
  for (const sdp::MediaLine& line : remote.media) {
    peer::LineParams& unused = out.lines.emplace_back();
    unused.kind = line_kind(line.kind);
    unused.active = false;
    unused.mid = line.mid;
  }
  for (const sdp::NegotiatedLine& line : lines) {
    if (line.index < out.lines.size()) {
      out.lines[line.index] = line_params(line, cname);
    }
  }
  return out;
}

}  // namespace cardea::session
