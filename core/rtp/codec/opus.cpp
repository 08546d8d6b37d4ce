// Reads how much audio an Opus packet holds.
#include "core/rtp/codec/opus.hpp"

#include <array>

namespace cardea::rtp {

namespace {

constexpr Duration kMaxLength = std::chrono::milliseconds(120);

// Frame sizes in microseconds (RFC 6716 table 2).
constexpr std::array<int, 4> kSilk = {10'000, 20'000, 40'000, 60'000};
constexpr std::array<int, 2> kHybrid = {10'000, 20'000};
constexpr std::array<int, 4> kCelt = {2'500, 5'000, 10'000, 20'000};

// The mode decides which frame sizes the lower two bits choose from.
Duration frame_length(std::uint8_t config) {
  if (config < 12) {
    return Duration(kSilk[config & 3]);
  }
  return Duration(config < 16 ? kHybrid[config & 1] : kCelt[config & 3]);
}

}  // namespace

std::optional<OpusPacket> parse_opus(Bytes payload) {
  if (payload.empty()) {
    return std::nullopt;
  }
  OpusPacket packet;
  const std::uint8_t toc = payload[0];
  packet.stereo = (toc & 0x04) != 0;
  switch (toc & 0x03) {
    case 0:
      packet.frames = 1;
      break;
    case 3:
      packet.frames = payload.size() < 2 ? std::uint8_t{0} : payload[1] & 0x3F;
      break;
    default:
      packet.frames = 2;
  }
  packet.length = frame_length(static_cast<std::uint8_t>(toc >> 3)) * packet.frames;
  if (packet.frames == 0 || packet.length > kMaxLength) {
    return std::nullopt;
  }
  return packet;
}

bool is_opus_dtx(Bytes payload) { return !payload.empty() && payload.size() <= 2; }

}  // namespace cardea::rtp
