// Writes a description line by line, in a fixed order.
#include "core/sdp/writer.hpp"

#include <string_view>

namespace cardea::sdp {

namespace {

// Streams each way in a=sctpmap; the association itself says how many there are.
constexpr std::string_view kOldStreams = "64";

class LineWriter {
 public:
  void line(std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) {
      text_ += part;
    }
    text_ += "\r\n";
  }
  /// Left out when the value is empty.
  void optional(std::string_view prefix, std::string_view value) {
    if (!value.empty()) {
      line({prefix, value});
    }
  }
  void flag(std::string_view text, bool on) {
    if (on) {
      line({text});
    }
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    text += text.empty() ? std::string_view{} : separator;
    text += part;
  }
  return text;
}

void write_transport(LineWriter& out, const TransportInfo& transport) {
  out.optional("a=ice-ufrag:", transport.ice_ufrag);
  out.optional("a=ice-pwd:", transport.ice_pwd);
  out.optional("a=ice-options:", transport.ice_options);
  for (const Fingerprint& fingerprint : transport.fingerprints) {
    out.line({"a=fingerprint:", fingerprint.algorithm, " ", fingerprint.value});
  }
  out.optional("a=setup:", to_text(transport.setup));
}

void write_payload_type(LineWriter& out, const PayloadType& type) {
  const std::string number = std::to_string(type.number);
  if (!type.name.empty()) {
    const std::string channels = type.channels > 1 ? "/" + std::to_string(type.channels) : "";
    out.line({"a=rtpmap:", number, " ", type.name, "/", std::to_string(type.clock_rate), channels});
  }
  for (const std::string& feedback : type.feedback) {
    out.line({"a=rtcp-fb:", number, " ", feedback});
  }
  if (!type.fmtp.empty()) {
    out.line({"a=fmtp:", number, " ", type.fmtp});
  }
}

void write_ssrcs(LineWriter& out, const MediaLine& media) {
  for (const SsrcGroup& group : media.ssrc_groups) {
    std::string members;
    for (const std::uint32_t ssrc : group.ssrcs) {
      members += " " + std::to_string(ssrc);
    }
    out.line({"a=ssrc-group:", group.semantics, members});
  }
  for (const Ssrc& ssrc : media.ssrcs) {
    const std::string number = std::to_string(ssrc.ssrc);
    if (ssrc.cname.empty() && ssrc.msid.empty()) {
      out.line({"a=ssrc:", number});
    }
    if (!ssrc.cname.empty()) {
      out.line({"a=ssrc:", number, " cname:", ssrc.cname});
    }
    if (!ssrc.msid.empty()) {
      out.line({"a=ssrc:", number, " msid:", ssrc.msid});
    }
  }
}

void write_simulcast(LineWriter& out, const MediaLine& media) {
  for (const Rid& rid : media.rids) {
    const std::string params = rid.params.empty() ? "" : " " + rid.params;
    out.line({"a=rid:", rid.id, rid.send ? " send" : " recv", params});
  }
  if (!media.simulcast.empty()) {
    std::string value;
    if (!media.simulcast.send.empty()) {
      value += " send " + joined(media.simulcast.send, ";");
    }
    if (!media.simulcast.receive.empty()) {
      value += " recv " + joined(media.simulcast.receive, ";");
    }
    out.line({"a=simulcast:", std::string_view(value).substr(1)});
  }
}

std::string formats_of(const MediaLine& media) {
  std::string formats = joined(media.formats, " ");
  for (const PayloadType& type : media.payload_types) {
    formats += (formats.empty() ? "" : " ") + std::to_string(type.number);
  }
  return formats.empty() ? "0" : formats;
}

void write_head(LineWriter& out, const MediaLine& media) {
  const std::string_view kind =
      media.kind == MediaKind::Other ? std::string_view(media.kind_text) : to_text(media.kind);
  out.line(
      {"m=", kind, " ", std::to_string(media.port), " ", media.protocol, " ", formats_of(media)});
  out.line({"c=IN IP4 0.0.0.0"});
  if (media.bandwidth_as_kbps != 0) {
    out.line({"b=AS:", std::to_string(media.bandwidth_as_kbps)});
  }
  if (media.bandwidth_tias_bps != 0) {
    out.line({"b=TIAS:", std::to_string(media.bandwidth_tias_bps)});
  }
}

void write_media(LineWriter& out, const MediaLine& media) {
  write_head(out, media);
  out.optional("a=mid:", media.mid);
  // Browsers write none for data channels; the default is the same.
  if (media.kind != MediaKind::Application || media.direction != Direction::SendRecv) {
    out.line({"a=", to_text(media.direction)});
  }
  for (const Extmap& extmap : media.extmaps) {
    const std::string direction = extmap.direction == Direction::SendRecv
                                      ? std::string{}
                                      : std::string("/") + to_text(extmap.direction);
    out.line({"a=extmap:", std::to_string(extmap.id), direction, " ", extmap.uri});
  }
  for (const std::string& msid : media.msids) {
    out.line({"a=msid:", msid});
  }
  write_transport(out, media.transport);
  out.flag("a=rtcp-mux", media.rtcp_mux);
  out.flag("a=rtcp-mux-only", media.rtcp_mux_only);
  out.flag("a=rtcp-rsize", media.rtcp_rsize);
  out.flag("a=bundle-only", media.bundle_only);
  for (const std::string& crypto : media.crypto) {
    out.line({"a=crypto:", crypto});
  }
  for (const PayloadType& type : media.payload_types) {
    write_payload_type(out, type);
  }
  write_simulcast(out, media);
  write_ssrcs(out, media);
  if (media.sctp_port != 0) {
    const std::string port = std::to_string(media.sctp_port);
    if (media.protocol == "DTLS/SCTP") {
      // The form before RFC 8841, as older clients write it.
      out.line({"a=sctpmap:", port, " webrtc-datachannel ", kOldStreams});
    } else {
      out.line({"a=sctp-port:", port});
    }
  }
  if (media.max_message_size != 0) {
    out.line({"a=max-message-size:", std::to_string(media.max_message_size)});
  }
  for (const std::string& candidate : media.candidates) {
    out.line({"a=candidate:", candidate});
  }
  out.flag("a=end-of-candidates", media.end_of_candidates);
}

}  // namespace

std::string write(const Description& description) {
  LineWriter out;
  out.line({"v=0"});
  out.line({"o=", description.origin_user, " ", std::to_string(description.session_id), " ",
            std::to_string(description.session_version), " ", description.origin_address});
  out.line({"s=", description.name});
  out.line({"t=0 0"});
  out.flag("a=ice-lite", description.ice_lite);
  if (description.has_bundle) {
    const std::string mids = joined(description.bundle, " ");
    out.line({"a=group:BUNDLE", mids.empty() ? "" : " ", mids});
  }
  out.flag("a=extmap-allow-mixed", description.extmap_allow_mixed);
  out.optional("a=msid-semantic:", description.msid_semantic);
  write_transport(out, description.transport);
  for (const MediaLine& media : description.media) {
    write_media(out, media);
  }
  return out.take();
}

}  // namespace cardea::sdp
