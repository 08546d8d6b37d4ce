// A received packet as it goes from a source to its sinks.
#pragma once

#include <cstdint>

#include "core/rtp/codec/codec.hpp"
#include "core/rtp/codec/frame.hpp"
#include "core/rtp/packet.hpp"

namespace cardea::peer {

/// One received RTP packet, decrypted and attributed. A view: the datagram must outlive it.
struct SourcePacket {
  rtp::Packet packet;
  /// Unwrapped sequence number, in a range of its own for each epoch: never the same twice within a
  /// line, so that it names a packet.
  std::uint64_t seq = 0;
  std::uint32_t line = 0;
  /// Changes when another SSRC takes the place of the stream: numbers start anew.
  std::uint32_t epoch = 0;
  std::uint8_t layer = 0;
  /// A decoder can start here. Always true for audio, and where we cannot read the codec.
  bool keyframe = false;
  rtp::Codec codec = rtp::Codec::Unknown;
  /// Came late, by way of a NACK.
  bool repaired = false;
  rtp::FrameInfo frame = {};
  /// Added to its time: what is played again after the fact is played faster.
  std::uint32_t time_shift = 0;

  [[nodiscard]] std::uint32_t timestamp() const { return packet.timestamp() + time_shift; }
};

}  // namespace cardea::peer
