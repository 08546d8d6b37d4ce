// The first byte of an Opus payload (RFC 6716 3.1).
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace cardea::rtp {

struct OpusPacket {
  bool stereo = false;
  std::uint8_t frames = 0;  ///< 1..48
  Duration length{};        ///< audio time of the whole packet, at most 120 ms
};

/// Nothing when empty, or when the frame count or the time is out of range (RFC 6716 3.4).
std::optional<OpusPacket> parse_opus(Bytes payload);
/// One or two bytes of payload: the encoder was silent (DTX, RFC 7587 3.1.3).
bool is_opus_dtx(Bytes payload);

}  // namespace cardea::rtp
