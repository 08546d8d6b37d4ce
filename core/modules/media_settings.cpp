#include "core/modules/media_settings.hpp"

#include <algorithm>
#include <string>

#include <openssl/evp.h>

#include "core/modules/text.hpp"
#include "core/peer/source_state.hpp"

namespace cardea::modules {

namespace {

constexpr std::size_t kSrtpKeyText = 40;  // base64 of 30 bytes has no padding
constexpr std::size_t kMaxLines = 64;
constexpr std::int32_t kMaxPlayoutDelay = 40'950;

Result<media::PlainKeys> keys_of(int suite, cardea_str_t text) {
  media::PlainKeys keys;
  keys.suite = suite;
  if (suite == 0) {
    return keys;
  }
  if (suite != 32 && suite != 80) {
    return Error{"SRTP suite " + std::to_string(suite) + " (only 32 and 80 are known)"};
  }
  keys.key.resize(kSrtpKeyText / 4 * 3);
  if (text.size != kSrtpKeyText ||
      EVP_DecodeBlock(keys.key.data(), reinterpret_cast<const unsigned char*>(text.data),
                      static_cast<int>(text.size)) != static_cast<int>(keys.key.size())) {
    return Error{"the SRTP key is not the base64 form of 30 bytes"};
  }
  return keys;
}

Result<media::PlainLine> line_of(const cardea_plain_line_t& line) {
  media::PlainLine out;
  if (line.kind != CARDEA_AUDIO && line.kind != CARDEA_VIDEO) {
    return Error{"only audio and video can be received as RTP"};
  }
  out.kind =
      line.kind == CARDEA_AUDIO ? peer::LineParams::Kind::Audio : peer::LineParams::Kind::Video;
  out.payload.number = line.payload_type;
  out.payload.codec =
      line.codec == nullptr ? rtp::Codec::Unknown : rtp::codec_from_name(line.codec);
  if (out.payload.codec == rtp::Codec::Unknown || line.payload_type > 127) {
    return Error{"a stream without a known codec and payload type"};
  }
  out.payload.clock_rate =
      line.clock_rate != 0 ? line.clock_rate : rtp::codec_clock_rate(out.payload.codec);
  if (line.ssrc_count == 0 || line.ssrc_count > peer::kMaxLayers) {
    return Error{"a stream needs 1 to " + std::to_string(peer::kMaxLayers) + " SSRCs"};
  }
  out.ssrcs.assign(line.ssrcs, line.ssrcs + line.ssrc_count);
  return out;
}

}  // namespace

media::RouteSettings route_settings(const cardea_route_settings_t* settings) {
  media::RouteSettings out;
  if (settings == nullptr) {
    return out;
  }
  out.paused = settings->paused != 0;
  out.substream = settings->substream;
  out.temporal = settings->temporal;
  if (settings->fallback_us != 0) {
    out.fallback = Duration(settings->fallback_us);
  }
  out.min_delay = std::clamp(settings->min_delay_ms, -1, kMaxPlayoutDelay);
  out.max_delay = std::clamp(settings->max_delay_ms, -1, kMaxPlayoutDelay);
  return out;
}

media::SourceSettings source_settings(const cardea_source_settings_t& settings) {
  media::SourceSettings out;
  out.bitrate = settings.bitrate;
  out.keyframe_seconds = settings.keyframe_seconds;
  out.talk_packets = settings.talk_packets;
  out.talk_level = settings.talk_level;
  out.enforce_bitrate = settings.require_bitrate_cap != 0;
  return out;
}

Result<media::ForwardSettings> forward_settings(const cardea_forward_settings_t& settings) {
  media::ForwardSettings out;
  const auto to = Address::parse(view(settings.address), settings.port);
  if (!to) {
    return to.error();
  }
  if (settings.port == 0) {
    return Error{"port 0"};
  }
  auto keys = keys_of(settings.srtp_suite, settings.srtp_key);
  if (!keys) {
    return keys.error();
  }
  out.to = *to;
  out.rtcp_port = settings.rtcp_port;
  out.ssrc = settings.ssrc;
  out.payload_type = settings.payload_type;
  out.simulcast = settings.simulcast != 0;
  out.substream = settings.substream;
  out.keys = *std::move(keys);
  return out;
}

Result<media::ReceiverSettings> receiver_settings(const cardea_plain_receiver_t& settings) {
  media::ReceiverSettings out;
  out.address = view(settings.address);
  out.port = settings.port;
  out.placement = settings.placement;
  auto keys = keys_of(settings.srtp_suite, settings.srtp_key);
  if (!keys) {
    return keys.error();
  }
  out.keys = *std::move(keys);
  if (settings.line_count == 0 || settings.line_count > kMaxLines) {
    return Error{"a receiver takes 1 to " + std::to_string(kMaxLines) + " streams"};
  }
  for (std::size_t i = 0; i < settings.line_count; ++i) {
    auto line = line_of(settings.lines[i]);
    if (!line) {
      return line.error();
    }
    out.lines.push_back(*std::move(line));
  }
  return out;
}

}  // namespace cardea::modules
