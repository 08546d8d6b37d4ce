#include "core/session/admin_webrtc.hpp"

#include <algorithm>

#include "core/rtp/header_extension.hpp"
#include "core/sdp/negotiated.hpp"

namespace cardea::session {
namespace {

const char* kind_word(sdp::MediaKind kind) {
  switch (kind) {
    case sdp::MediaKind::Audio:
      return "audio";
    case sdp::MediaKind::Video:
      return "video";
    default:
      return "data";
  }
}

Json ice_json(const Handle& handle, const media::Engine& engine) {
  Json local = Json::array();
  for (const std::string& candidate : engine.local_transport().candidates) {
    local.push(candidate);
  }
  return Json::object({{"stream_id", 1},
                       {"component_id", 1},
                       {"state", handle.up ? "ready" : "connecting"},
                       {"local-candidates", local},
                       {"remote-candidates", Json::array()},
                       {"ready", handle.up ? 1 : 0}});
}

Json dtls_json(const Handle& handle, const media::Engine& engine) {
  const Negotiation& negotiation = handle.negotiation;
  Json out = Json::object({{"fingerprint", engine.local_transport().fingerprint}});
  const auto prints = negotiation.remote()->bundle_transport().fingerprints;
  const auto sha256 = std::find_if(prints.begin(), prints.end(), [](const sdp::Fingerprint& print) {
    return print.algorithm == "sha-256";
  });
  const auto chosen = sha256 == prints.end() ? prints.begin() : sha256;
  if (chosen != prints.end()) {
    out.set("remote-fingerprint", chosen->value).set("remote-fingerprint-hash", chosen->algorithm);
  }
  return out.set("dtls-role", negotiation.role() == peer::DtlsRole::Client ? "active" : "passive")
      .set("dtls-state", handle.up ? "connected" : "trying")
      .set("valid", handle.up)
      .set("ready", handle.up);
}

Json ssrc_json(const sdp::NegotiatedLine& line) {
  Json out = Json::object();
  const auto set = [&out](const char* name, std::uint32_t ssrc) {
    if (ssrc != 0) {
      out.set(name, ssrc);
    }
  };
  set("ssrc", line.local_ssrc);
  set("ssrc-rtx", line.local_rtx_ssrc);
  for (std::size_t layer = 0; layer < line.remote_ssrcs.size(); ++layer) {
    const std::string suffix = layer == 0 ? "" : "-sim-" + std::to_string(layer);
    set(("ssrc-peer" + suffix).c_str(), line.remote_ssrcs[layer].ssrc);
    set(("ssrc-peer" + suffix + "-rtx").c_str(), line.remote_ssrcs[layer].rtx_ssrc);
  }
  return out;
}

Json line_json(const sdp::NegotiatedLine& line, const cardea_mline_t& mline) {
  Json out = Json::object({{"type", kind_word(line.kind)},
                           {"mindex", static_cast<unsigned long>(line.index)},
                           {"mid", line.mid}});
  if (line.kind == sdp::MediaKind::Application) {
    return out;
  }
  const std::size_t space = line.remote_msid.find(' ');
  if (!line.remote_msid.empty()) {
    Json msid = Json::object({{"remote-stream", line.remote_msid.substr(0, space)}});
    if (space != std::string::npos) {
      msid.set("remote-track", line.remote_msid.substr(space + 1));
    }
    out.set("msid", msid);
  }
  Json codecs = Json::object({{"pt", static_cast<int>(line.payload_type)}});
  if (line.rtx_payload_type != 0) {
    codecs.set("rtx-pt", static_cast<int>(line.rtx_payload_type));
  }
  if (mline.codec_count > 0) {
    codecs.set("codec", std::string_view(mline.codecs[0].name));
  }
  out.set("do_nacks", line.nack)
      .set("ssrc", ssrc_json(line))
      .set("direction", Json::object({{"send", sdp::sends(line.direction)},
                                      {"recv", sdp::receives(line.direction)}}))
      .set("codecs", codecs);
  if (!line.rids.empty()) {
    Json rids = Json::array();
    for (const std::string& rid : line.rids) {
      rids.push(rid);
    }
    out.set("rid", rids);
  }
  return out;
}

void add_extensions(const rtp::ExtensionIds& ids, Json& out) {
  for (std::size_t i = 0; i < rtp::kExtensionKinds; ++i) {
    const auto kind = static_cast<rtp::ExtensionKind>(i);
    if (ids.id(kind) != 0) {
      out.set(std::string(rtp::extension_uri(kind)), static_cast<int>(ids.id(kind)));
    }
  }
}

}  // namespace

Json webrtc_json(const Handle& handle, const media::Engine& engine) {
  const Negotiation& negotiation = handle.negotiation;
  if (negotiation.local() == nullptr || negotiation.remote() == nullptr) {
    return {};
  }
  Json extensions = Json::object();
  Json media = Json::object();
  for (const sdp::NegotiatedLine& line :
       sdp::negotiated(*negotiation.local(), *negotiation.remote())) {
    add_extensions(line.extensions, extensions);
    if (line.index < negotiation.mlines().size()) {
      media.set(std::to_string(line.index),
                line_json(line, negotiation.mlines().data()[line.index]));
    }
  }
  const Json twcc = extensions[std::string(rtp::extension_uri(rtp::ExtensionKind::TransportCc))];
  Json bwe = Json::object({{"twcc", static_cast<bool>(twcc)}});
  bwe.set("twcc-ext-id", twcc);
  return Json::object({{"ice", ice_json(handle, engine)},
                       {"dtls", dtls_json(handle, engine)},
                       {"extensions", extensions},
                       {"bwe", bwe},
                       {"media", media}});
}

}  // namespace cardea::session
