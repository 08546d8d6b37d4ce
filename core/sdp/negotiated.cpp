// Intersects a local and a remote description.
#include "core/sdp/negotiated.hpp"

#include <algorithm>

#include "core/sdp/codec_match.hpp"
#include "core/sdp/line_parts.hpp"

namespace cardea::sdp {

namespace {

struct Pair {
  const PayloadType* local = nullptr;
  const PayloadType* remote = nullptr;
};

const PayloadType* counterpart(const MediaLine& line, const PayloadType& type) {
  const PayloadType* same_number = line.find_payload_type(type.number);
  if (same_number != nullptr && same_format(*same_number, type)) {
    return same_number;
  }
  const auto at =
      std::find_if(line.payload_types.begin(), line.payload_types.end(),
                   [&type](const PayloadType& other) { return same_format(other, type); });
  return at == line.payload_types.end() ? nullptr : &*at;
}

// The answer has the shorter list, and its order is the one that counts (RFC 3264 6.1).
Pair choose_codec(const MediaLine& local, const MediaLine& remote) {
  const bool remote_rules = remote.payload_types.size() <= local.payload_types.size();
  const MediaLine& ruling = remote_rules ? remote : local;
  const MediaLine& other = remote_rules ? local : remote;
  for (const PayloadType& type : ruling.payload_types) {
    const PayloadType* match =
        rtp::is_primary(rtp::codec_from_name(type.name)) ? counterpart(other, type) : nullptr;
    if (match != nullptr) {
      return remote_rules ? Pair{match, &type} : Pair{&type, match};
    }
  }
  return {};
}

bool has_feedback(const Pair& codec, std::string_view feedback) {
  const auto in = [feedback](const PayloadType& type) {
    return std::find(type.feedback.begin(), type.feedback.end(), feedback) != type.feedback.end();
  };
  return in(*codec.local) && in(*codec.remote);
}

void read_codec(const MediaLine& local, const MediaLine& remote, const Pair& codec,
                NegotiatedLine& out) {
  const PayloadType& type = *codec.remote;
  out.codec = rtp::codec_from_name(type.name);
  out.payload_type = type.number;
  out.clock_rate = type.clock_rate;
  out.channels = type.channels;
  out.fmtp = type.fmtp;
  const PayloadType* rtx = find_rtx(remote, type.number);
  if (rtx != nullptr && find_rtx(local, codec.local->number) != nullptr) {
    out.rtx_payload_type = rtx->number;
  }
  const PayloadType* red = find_red(remote, type.number);
  if (red != nullptr && find_red(local, codec.local->number) != nullptr) {
    out.red_payload_type = red->number;
  }
  out.nack = has_feedback(codec, "nack");
  out.pli = has_feedback(codec, "nack pli");
  out.fir = has_feedback(codec, "ccm fir");
  out.remb = has_feedback(codec, "goog-remb");
}

void read_extensions(const MediaLine& local, const MediaLine& remote, const Pair& codec,
                     NegotiatedLine& out) {
  for (const Extmap& extmap : remote.extmaps) {
    const bool shared = std::any_of(
        local.extmaps.begin(), local.extmaps.end(),
        [&extmap](const Extmap& own) { return own.uri == extmap.uri && own.id == extmap.id; });
    const rtp::ExtensionKind kind = rtp::extension_kind(extmap.uri);
    // Numbers of which nobody reports are of no use.
    const bool used = kind != rtp::ExtensionKind::TransportCc || has_feedback(codec, kTransportCc);
    if (shared && used) {
      out.extensions.set(kind, extmap.id);
    }
  }
}

// SSRCs that only repair others: second members of FID and FEC groups.
bool repairs_another(const MediaLine& line, std::uint32_t ssrc) {
  return std::any_of(line.ssrc_groups.begin(), line.ssrc_groups.end(), [ssrc](const SsrcGroup& g) {
    return g.semantics != "SIM" && !g.ssrcs.empty() &&
           std::find(g.ssrcs.begin() + 1, g.ssrcs.end(), ssrc) != g.ssrcs.end();
  });
}

void add_ssrc(const MediaLine& remote, std::uint32_t ssrc, NegotiatedLine& out) {
  const bool known = std::any_of(out.remote_ssrcs.begin(), out.remote_ssrcs.end(),
                                 [ssrc](const RemoteSsrc& s) { return s.ssrc == ssrc; });
  if (!known && !repairs_another(remote, ssrc)) {
    out.remote_ssrcs.push_back({ssrc, rtx_of(remote, ssrc)});
  }
}

void read_remote_streams(const MediaLine& local, const MediaLine& remote, NegotiatedLine& out) {
  for (const SsrcGroup& group : remote.ssrc_groups) {
    if (group.semantics == "SIM") {
      for (const std::uint32_t ssrc : group.ssrcs) {
        add_ssrc(remote, ssrc, out);
      }
    }
  }
  for (const Ssrc& ssrc : remote.ssrcs) {
    add_ssrc(remote, ssrc.ssrc, out);
    out.remote_cname = out.remote_cname.empty() ? ssrc.cname : out.remote_cname;
    out.remote_msid = out.remote_msid.empty() ? ssrc.msid : out.remote_msid;
  }
  if (!remote.msids.empty()) {
    out.remote_msid = remote.msids.front();
  }
  // What we accepted, in the remote's order, as far as the remote (still) sends it.
  for (const std::string& stream : local.simulcast.receive) {
    const bool sent = std::any_of(remote.rids.begin(), remote.rids.end(),
                                  [&](const Rid& rid) { return rid.send && rid.id == stream; });
    if (sent) {
      out.rids.push_back(stream);
    }
  }
}

// False when the two share no codec.
bool read_media(const MediaLine& local, const MediaLine& remote, NegotiatedLine& out) {
  const Pair codec = choose_codec(local, remote);
  if (codec.local == nullptr) {
    return false;
  }
  out.direction = make_direction(sends(local.direction) && receives(remote.direction),
                                 receives(local.direction) && sends(remote.direction));
  read_codec(local, remote, codec, out);
  read_extensions(local, remote, codec, out);
  if (receives(out.direction)) {
    read_remote_streams(local, remote, out);
  }
  if (!local.ssrcs.empty()) {
    out.local_ssrc = local.ssrcs.front().ssrc;
    out.local_rtx_ssrc = rtx_of(local, out.local_ssrc);
  }
  const std::uint64_t as_bps = std::uint64_t{remote.bandwidth_as_kbps} * 1000;
  out.bandwidth_bps = remote.bandwidth_tias_bps != 0
                          ? remote.bandwidth_tias_bps
                          : static_cast<std::uint32_t>(std::min<std::uint64_t>(as_bps, 0xFFFFFFFF));
  return true;
}

void read_data(const MediaLine& local, const MediaLine& remote, NegotiatedLine& out) {
  const auto port = [](const MediaLine& line) {
    return line.sctp_port == 0 ? std::uint16_t{5000} : line.sctp_port;
  };
  out.direction = Direction::SendRecv;
  out.local_sctp_port = port(local);
  out.remote_sctp_port = port(remote);
  // RFC 8841 6.1: what holds without the attribute.
  out.remote_max_message = remote.max_message_size == 0 ? 65536 : remote.max_message_size;
}

}  // namespace

std::vector<NegotiatedLine> negotiated(const Description& local, const Description& remote) {
  std::vector<NegotiatedLine> lines;
  const std::size_t count = std::min(local.media.size(), remote.media.size());
  for (std::size_t i = 0; i < count; ++i) {
    const MediaLine& ours = local.media[i];
    const MediaLine& theirs = remote.media[i];
    if (ours.rejected() || theirs.rejected() || ours.kind != theirs.kind) {
      continue;
    }
    NegotiatedLine line;
    line.index = i;
    line.mid = ours.mid;
    line.kind = ours.kind;
    if (ours.kind == MediaKind::Application) {
      read_data(ours, theirs, line);
      lines.push_back(std::move(line));
    } else if (read_media(ours, theirs, line)) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

}  // namespace cardea::sdp
