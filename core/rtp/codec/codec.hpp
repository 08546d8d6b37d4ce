// The payload formats we can name.
#pragma once

#include <cstdint>
#include <string_view>

namespace cardea::rtp {

enum class Codec : std::uint8_t {
  Opus,
  MultiOpus,
  Pcmu,
  Pcma,
  G722,
  L16,
  Vp8,
  Vp9,
  H264,
  H265,
  Av1,
  Red,
  Rtx,
  UlpFec,
  FlexFec,
  ComfortNoise,
  TelephoneEvent,
  Unknown,
};

/// @param name encoding name of a=rtpmap, in any case ("VP8", "opus").
Codec codec_from_name(std::string_view name);
/// Encoding name as in a=rtpmap; empty for Unknown.
std::string_view codec_name(Codec codec);
/// RTP clock in Hz: G722 is 8000 by RFC 3551 4.5.2; 0 for what has no clock of its own (RTX, RED,
/// FEC).
std::uint32_t codec_clock_rate(Codec codec);
/// Opus is always announced with 2 (RFC 7587 7).
std::uint8_t codec_channels(Codec codec);
bool is_video(Codec codec);
bool is_audio(Codec codec);
/// False for what only carries or repairs others: RTX, RED, FEC, comfort noise, telephone events.
bool is_primary(Codec codec);

}  // namespace cardea::rtp
