// Reads m= and b= lines.
#include <algorithm>
#include <array>

#include "core/rtp/codec/codec.hpp"
#include "core/sdp/attributes.hpp"
#include "core/sdp/text.hpp"

namespace cardea::sdp {

namespace {

struct StaticType {
  std::uint8_t number;
  rtp::Codec codec;
};

// RFC 3551 table 4, as far as WebRTC clients still leave out the rtpmap.
constexpr std::array<StaticType, 4> kStaticTypes = {{{0, rtp::Codec::Pcmu},
                                                     {8, rtp::Codec::Pcma},
                                                     {9, rtp::Codec::G722},
                                                     {13, rtp::Codec::ComfortNoise}}};

PayloadType make_payload_type(std::uint8_t number) {
  PayloadType type;
  type.number = number;
  for (const StaticType& known : kStaticTypes) {
    if (known.number == number) {
      type.name = rtp::codec_name(known.codec);
      type.clock_rate = rtp::codec_clock_rate(known.codec);
    }
  }
  return type;
}

Refusal read_payload_types(MediaLine& media, std::string_view words, std::size_t max) {
  while (!words.empty()) {
    std::uint8_t number = 0;
    if (!to_number(take_word(words), number) || number > 127) {
      return "payload type is no number of 0..127";
    }
    if (media.payload_types.size() == max) {
      return "too many payload types";
    }
    if (media.find_payload_type(number) == nullptr) {
      media.payload_types.push_back(make_payload_type(number));
    }
  }
  return media.payload_types.empty() ? "m-line without formats" : nullptr;
}

Refusal read_formats(MediaLine& media, std::string_view words, std::size_t max) {
  while (!words.empty()) {
    if (media.formats.size() == max) {
      return "too many formats";
    }
    media.formats.emplace_back(take_word(words));
  }
  return media.formats.empty() ? "m-line without formats" : nullptr;
}

void read_kind(MediaLine& media, std::string_view word) {
  for (const MediaKind kind : {MediaKind::Audio, MediaKind::Video, MediaKind::Application}) {
    if (word == to_text(kind)) {
      media.kind = kind;
      return;
    }
  }
  media.kind = MediaKind::Other;
  media.kind_text = word;
}

}  // namespace

Refusal read_media_head(MediaLine& media, std::string_view value, std::size_t max_payload_types) {
  read_kind(media, take_word(value));
  std::string_view port = take_word(value);
  if (!to_number(take_until(port, '/'), media.port)) {
    return "port is no number of 0..65535";
  }
  media.protocol = take_word(value);
  const bool is_rtp = media.protocol.find("RTP/") != std::string::npos;
  return is_rtp ? read_payload_types(media, value, max_payload_types)
                : read_formats(media, value, max_payload_types);
}

Refusal read_bandwidth(MediaLine& media, std::string_view value) {
  const std::string_view kind = take_until(value, ':');
  if (kind == "AS" && !to_number(value, media.bandwidth_as_kbps)) {
    return "bad number in b=AS";
  }
  if (kind == "TIAS" && !to_number(value, media.bandwidth_tias_bps)) {
    return "bad number in b=TIAS";
  }
  return nullptr;
}

}  // namespace cardea::sdp
