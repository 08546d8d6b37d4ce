// What a source has in common with its sinks beyond the packet at hand, and the packet itself as it
// goes from one to the other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/time.hpp"
#include "core/peer/rtx_cache.hpp"
#include "core/rtp/codec/codec.hpp"
#include "core/rtp/codec/frame.hpp"
#include "core/rtp/header_extension.hpp"
#include "core/rtp/packet.hpp"

namespace cardea::peer {

/// Simulcast layers of one m-line; browsers send at most three.
inline constexpr std::size_t kMaxLayers = 3;

/// The sender's own clock as its last report told it (RFC 3550 6.4.1).
struct SenderClock {
  std::uint64_t ntp = 0;
  std::uint32_t rtp_timestamp = 0;
  /// When the report came; Time() before the first.
  Time at;

  [[nodiscard]] bool known() const { return at != Time(); }
};

struct SourceLayer {
  explicit SourceLayer(std::size_t cache_slots) : cache(cache_slots) {}

  RtxCache cache;
  SenderClock clock;
};

/// Owned by the receiving peer, held by sinks as long as they may retransmit. One thread.
struct SourceState {
  /// @param cache_slots of each layer, a power of two.
  explicit SourceState(std::size_t cache_slots)
      : layers{SourceLayer(cache_slots), SourceLayer(cache_slots), SourceLayer(cache_slots)} {}

  /// Ids under which the source's packets carry their header extensions.
  rtp::ExtensionIds extensions;
  std::array<SourceLayer, kMaxLayers> layers;
};

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
};

}  // namespace cardea::peer
