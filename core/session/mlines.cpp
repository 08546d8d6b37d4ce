// Copies what features need out of a description.
#include "core/session/mlines.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "core/rtp/codec/codec.hpp"

namespace cardea::session {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// "stream track" of what the client sends; older clients say it at the SSRC.
std::string msid_of(const sdp::MediaLine& line) {
  if (!line.msids.empty()) {
    return line.msids.front();
  }
  for (const sdp::Ssrc& ssrc : line.ssrcs) {
    if (!ssrc.msid.empty()) {
      return ssrc.msid;
    }
  }
  return {};
}

/// Rids of what the client sends: the first alternative of each stream, without the pause mark.
std::vector<std::string> sent_rids(const sdp::MediaLine& line) {
  std::vector<std::string> out;
  for (const std::string& stream : line.simulcast.send) {
    std::string rid = stream.substr(0, stream.find(','));
    if (!rid.empty() && rid.front() == '~') {
      rid.erase(0, 1);
    }
    out.push_back(std::move(rid));
  }
  return out;
}

std::uint32_t simulcast_ssrcs(const sdp::MediaLine& line) {
  for (const sdp::SsrcGroup& group : line.ssrc_groups) {
    if (group.semantics == "SIM") {
      return static_cast<std::uint32_t>(group.ssrcs.size());
    }
  }
  return 0;
}

}  // namespace

cardea_kind_t kind_of(sdp::MediaKind kind) {
  switch (kind) {
    case sdp::MediaKind::Audio:
      return CARDEA_AUDIO;
    case sdp::MediaKind::Video:
      return CARDEA_VIDEO;
    case sdp::MediaKind::Application:
      return CARDEA_DATA;
    case sdp::MediaKind::Other:
      break;
  }
  return CARDEA_OTHER;
}

cardea_direction_t direction_of(sdp::Direction direction) {
  const int bits = (sdp::sends(direction) ? 1 : 0) | (sdp::receives(direction) ? 2 : 0);
  return static_cast<cardea_direction_t>(bits);
}

MlineArray::MlineArray(const sdp::Description& remote) {
  lines_.reserve(remote.media.size());
  for (const sdp::MediaLine& line : remote.media) {
    cardea_mline_t& out = add(line);
    out.direction = line.rejected() ? CARDEA_INACTIVE : direction_of(line.direction);
    add_codecs(out, line);
    add_rids(out, sent_rids(line));
    out.ssrc_layers = simulcast_ssrcs(line);
  }
}

MlineArray::MlineArray(const sdp::Description& remote,
                       const std::vector<sdp::NegotiatedLine>& negotiated) {
  lines_.reserve(remote.media.size());
  for (const sdp::MediaLine& line : remote.media) {
    add(line);
  }
  for (const sdp::NegotiatedLine& line : negotiated) {
    if (line.index < lines_.size()) {
      add_negotiated(lines_[line.index], line);
    }
  }
}

cardea_mline_t& MlineArray::add(const sdp::MediaLine& line) {
  cardea_mline_t out{};
  out.size = sizeof out;
  out.index = static_cast<std::uint32_t>(lines_.size());
  out.kind = kind_of(line.kind);
  out.direction = CARDEA_INACTIVE;
  out.mid = view(keep(line.mid));
  const std::string msid = msid_of(line);
  const std::size_t space = msid.find(' ');
  out.msid_stream = view(keep(msid.substr(0, space)));
  out.msid_track = view(keep(space == std::string::npos ? std::string() : msid.substr(space + 1)));
  return lines_.emplace_back(out);
}

void MlineArray::add_codecs(cardea_mline_t& out, const sdp::MediaLine& line) {
  std::vector<cardea_codec_t>& codecs = codecs_.emplace_back();
  for (const sdp::PayloadType& type : line.payload_types) {
    if (!rtp::is_primary(rtp::codec_from_name(type.name))) {
      continue;
    }
    codecs.push_back({keep(lower(type.name)), type.clock_rate, type.channels, type.number,
                      type.fmtp.empty() ? nullptr : keep(type.fmtp)});
  }
  out.codecs = codecs.data();
  out.codec_count = codecs.size();
}

void MlineArray::add_negotiated(cardea_mline_t& out, const sdp::NegotiatedLine& line) {
  // The struct tells the client's direction, the negotiated line ours.
  out.direction = direction_of(sdp::reversed(line.direction));
  if (line.codec != rtp::Codec::Unknown) {
    std::vector<cardea_codec_t>& codecs = codecs_.emplace_back();
    codecs.push_back({keep(lower(rtp::codec_name(line.codec))), line.clock_rate, line.channels,
                      line.payload_type, line.fmtp.empty() ? nullptr : keep(line.fmtp)});
    out.codecs = codecs.data();
    out.codec_count = codecs.size();
  }
  add_rids(out, line.rids);
  if (line.rids.empty() && line.remote_ssrcs.size() > 1) {
    out.ssrc_layers = static_cast<std::uint32_t>(line.remote_ssrcs.size());
  }
}

void MlineArray::add_rids(cardea_mline_t& out, const std::vector<std::string>& rids) {
  if (rids.empty()) {
    return;
  }
  std::vector<const char*>& kept = rids_.emplace_back();
  for (const std::string& rid : rids) {
    kept.push_back(keep(rid));
  }
  out.rids = kept.data();
  out.rid_count = kept.size();
}

const char* MlineArray::keep(std::string text) {
  return texts_.emplace_back(std::move(text)).c_str();
}

cardea_str_t MlineArray::view(const char* text) { return {text, std::strlen(text)}; }

}  // namespace cardea::session
