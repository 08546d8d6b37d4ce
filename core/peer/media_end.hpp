// One end of media as a router sees it: a WebRTC peer, or a port that takes plain RTP.
#pragma once

#include <cstdint>

#include "core/base/time.hpp"
#include "core/peer/packet_sink.hpp"
#include "core/peer/stream_table.hpp"

namespace cardea::peer {

/// One thread.
class MediaEnd {
 public:
  virtual ~MediaEnd() = default;

  [[nodiscard]] virtual std::size_t lines() const = 0;
  /// Null when nothing is received or sent there.
  [[nodiscard]] virtual SourceLine* source(std::uint32_t line) = 0;
  [[nodiscard]] virtual PacketSink* packet_sink(std::uint32_t line) = 0;
  /// PLI or FIR to the remote at once; the caller spaces them. False when the layer is not known
  /// yet or nothing of the kind can be asked.
  virtual bool request_keyframe(std::uint32_t line, std::uint8_t layer) = 0;
  /// The cap that the sender is told. @param line or Peer::kWholePeer. @param bitrate bit/s, zero
  /// for none.
  virtual void set_bitrate(std::uint32_t line, std::uint32_t bitrate, Time now) = 0;
};

}  // namespace cardea::peer
