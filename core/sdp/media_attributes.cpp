// Reads the attributes of an m-line, one small function each.
#include <algorithm>
#include <array>

#include "core/sdp/attributes.hpp"
#include "core/sdp/text.hpp"

namespace cardea::sdp {

namespace {

// A multiple of what browsers write (6 lines); bounds what "*" can multiply.
constexpr std::size_t kMaxFeedback = 16;
// Threats I2: more than anyone needs for one component.
constexpr std::size_t kMaxCandidates = 32;
constexpr std::size_t kMaxMid = 64;
constexpr std::size_t kMaxUri = 256;

// The payload type at the start of `value`; null in `out` when the m-line does not list it.
Refusal take_payload_type(MediaLine& media, std::string_view& value, PayloadType*& out) {
  std::uint8_t number = 0;
  if (!to_number(take_word(value), number) || number > 127) {
    return "payload type is no number of 0..127";
  }
  const auto at = std::find_if(media.payload_types.begin(), media.payload_types.end(),
                               [number](const PayloadType& t) { return t.number == number; });
  out = at == media.payload_types.end() ? nullptr : &*at;
  return nullptr;
}

Refusal read_rtpmap(MediaLine& media, std::string_view value) {
  PayloadType* type = nullptr;
  if (const Refusal refusal = take_payload_type(media, value, type)) {
    return refusal;
  }
  std::string_view map = take_word(value);
  const std::string_view name = take_until(map, '/');
  std::uint32_t clock_rate = 0;
  std::uint8_t channels = 1;
  const bool has_rate = to_number(take_until(map, '/'), clock_rate);
  if (name.empty() || !has_rate || (!map.empty() && (!to_number(map, channels) || channels == 0))) {
    return "a=rtpmap is not name/rate[/channels]";
  }
  if (type != nullptr) {
    type->name = name;
    type->clock_rate = clock_rate;
    type->channels = channels;
  }
  return nullptr;
}

Refusal read_fmtp(MediaLine& media, std::string_view value) {
  PayloadType* type = nullptr;
  const Refusal refusal = take_payload_type(media, value, type);
  if (refusal == nullptr && type != nullptr) {
    type->fmtp = value;
  }
  return refusal;
}

void add_feedback(PayloadType& type, std::string_view feedback) {
  const auto& known = type.feedback;
  if (!feedback.empty() && known.size() < kMaxFeedback &&
      std::find(known.begin(), known.end(), feedback) == known.end()) {
    type.feedback.emplace_back(feedback);
  }
}

Refusal read_feedback(MediaLine& media, std::string_view value) {
  if (starts_with(value, "*")) {
    for (PayloadType& type : media.payload_types) {
      add_feedback(type, trim(value.substr(1)));
    }
    return nullptr;
  }
  PayloadType* type = nullptr;
  const Refusal refusal = take_payload_type(media, value, type);
  if (refusal == nullptr && type != nullptr) {
    add_feedback(*type, value);
  }
  return refusal;
}

Refusal read_mid(MediaLine& media, std::string_view value) {
  if (value.empty() || value.size() > kMaxMid ||
      std::find_if(value.begin(), value.end(), is_blank) != value.end()) {
    return "a=mid is no token of 1..64 characters";
  }
  media.mid = value;
  return nullptr;
}

Refusal read_ssrc(MediaLine& media, std::string_view value) {
  std::uint32_t number = 0;
  if (!to_number(take_word(value), number)) {
    return "bad number in a=ssrc";
  }
  auto at = std::find_if(media.ssrcs.begin(), media.ssrcs.end(),
                         [number](const Ssrc& s) { return s.ssrc == number; });
  if (at == media.ssrcs.end()) {
    media.ssrcs.push_back({number, {}, {}});
    at = media.ssrcs.end() - 1;
  }
  const std::string_view name = take_until(value, ':');
  if (name == "cname") {
    at->cname = trim(value);
  } else if (name == "msid") {
    at->msid = trim(value);
  }
  return nullptr;
}

Refusal read_ssrc_group(MediaLine& media, std::string_view value) {
  SsrcGroup group;
  group.semantics = take_word(value);
  while (!value.empty()) {
    std::uint32_t number = 0;
    if (!to_number(take_word(value), number)) {
      return "bad number in a=ssrc-group";
    }
    group.ssrcs.push_back(number);
  }
  if (group.semantics.empty()) {
    return "a=ssrc-group without semantics";
  }
  media.ssrc_groups.push_back(std::move(group));
  return nullptr;
}

Refusal read_rid(MediaLine& media, std::string_view value) {
  Rid rid;
  rid.id = take_word(value);
  const std::string_view direction = take_word(value);
  if (rid.id.empty() || (direction != "send" && direction != "recv")) {
    return "a=rid is not id and send or recv";
  }
  rid.send = direction == "send";
  rid.params = value;
  const bool is_new = std::none_of(media.rids.begin(), media.rids.end(),
                                   [&rid](const Rid& other) { return other.id == rid.id; });
  if (is_new) {
    media.rids.push_back(std::move(rid));
  }
  return nullptr;
}

Refusal read_simulcast(MediaLine& media, std::string_view value) {
  while (!value.empty()) {
    const std::string_view direction = take_word(value);
    std::string_view streams = take_word(value);
    // The form of draft-ietf-mmusic-sdp-simulcast-03, which older Firefox wrote.
    if (starts_with(streams, "rid=")) {
      streams.remove_prefix(4);
    }
    if (direction != "send" && direction != "recv") {
      return "a=simulcast names neither send nor recv";
    }
    auto& list = direction == "send" ? media.simulcast.send : media.simulcast.receive;
    list.clear();
    while (!streams.empty()) {
      const std::string_view stream = take_until(streams, ';');
      if (!stream.empty()) {
        list.emplace_back(stream);
      }
    }
  }
  return nullptr;
}

Refusal read_msid(MediaLine& media, std::string_view value) {
  if (!value.empty()) {
    media.msids.emplace_back(value);
  }
  return nullptr;
}

Refusal read_candidate(MediaLine& media, std::string_view value) {
  if (!value.empty() && media.candidates.size() < kMaxCandidates) {
    media.candidates.emplace_back(value);
  }
  return nullptr;
}

Refusal read_sctp_port(MediaLine& media, std::string_view value) {
  return to_number(take_word(value), media.sctp_port) ? nullptr : "bad number in a=sctp-port";
}

Refusal read_max_message_size(MediaLine& media, std::string_view value) {
  return to_number(value, media.max_message_size) ? nullptr : "bad number in a=max-message-size";
}

Refusal read_crypto(MediaLine& media, std::string_view value) {
  media.crypto.emplace_back(value);
  return nullptr;
}

Refusal read_media_extmap(MediaLine& media, std::string_view value) {
  return read_extmap(media.extmaps, value);
}

template <bool MediaLine::*kFlag>
Refusal set_flag(MediaLine& media, std::string_view) {
  media.*kFlag = true;
  return nullptr;
}

struct Entry {
  std::string_view name;
  Refusal (*read)(MediaLine&, std::string_view);
};

constexpr std::array kEntries = {
    Entry{"candidate", read_candidate},
    Entry{"rtpmap", read_rtpmap},
    Entry{"rtcp-fb", read_feedback},
    Entry{"fmtp", read_fmtp},
    Entry{"ssrc", read_ssrc},
    Entry{"ssrc-group", read_ssrc_group},
    Entry{"extmap", read_media_extmap},
    Entry{"mid", read_mid},
    Entry{"msid", read_msid},
    Entry{"rid", read_rid},
    Entry{"simulcast", read_simulcast},
    Entry{"rtcp-mux", set_flag<&MediaLine::rtcp_mux>},
    Entry{"rtcp-mux-only", set_flag<&MediaLine::rtcp_mux_only>},
    Entry{"rtcp-rsize", set_flag<&MediaLine::rtcp_rsize>},
    Entry{"bundle-only", set_flag<&MediaLine::bundle_only>},
    Entry{"end-of-candidates", set_flag<&MediaLine::end_of_candidates>},
    Entry{"sctp-port", read_sctp_port},
    Entry{"sctpmap", read_sctp_port},
    Entry{"max-message-size", read_max_message_size},
    Entry{"crypto", read_crypto},
};

}  // namespace

bool read_direction(std::string_view word, Direction& out) {
  for (const Direction direction :
       {Direction::SendRecv, Direction::SendOnly, Direction::RecvOnly, Direction::Inactive}) {
    if (word == to_text(direction)) {
      out = direction;
      return true;
    }
  }
  return false;
}

Refusal read_extmap(std::vector<Extmap>& out, std::string_view value) {
  std::string_view head = take_word(value);
  std::uint32_t id = 0;
  Extmap extmap;
  if (!to_number(take_until(head, '/'), id) || id == 0) {
    return "extension id is no number above 0";
  }
  if (!head.empty() && !read_direction(head, extmap.direction)) {
    return "unknown direction in a=extmap";
  }
  extmap.uri = take_word(value);
  if (extmap.uri.empty() || extmap.uri.size() > kMaxUri) {
    return "extension URI is empty or longer than 256";
  }
  // Ids from 4096 on only stand for "to be chosen" (RFC 8285 6) and cannot be on the wire.
  const bool taken =
      std::any_of(out.begin(), out.end(), [id](const Extmap& other) { return other.id == id; });
  if (id <= 255 && !taken) {
    extmap.id = static_cast<std::uint8_t>(id);
    out.push_back(std::move(extmap));
  }
  return nullptr;
}

Refusal read_media_attribute(MediaLine& media, std::string_view name, std::string_view value) {
  const auto at = std::find_if(kEntries.begin(), kEntries.end(),
                               [name](const Entry& entry) { return entry.name == name; });
  if (at != kEntries.end()) {
    return at->read(media, value);
  }
  if (read_direction(name, media.direction)) {
    return nullptr;
  }
  bool known = false;
  return read_transport_attribute(media.transport, name, value, known);
}

}  // namespace cardea::sdp
