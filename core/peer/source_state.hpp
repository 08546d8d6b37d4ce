// What a source has in common with its sinks beyond the packet at hand.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/time.hpp"
#include "core/peer/frame_cache.hpp"
#include "core/peer/rtx_cache.hpp"
#include "core/peer/source_packet.hpp"
#include "core/rtp/header_extension.hpp"

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
  FrameCache frames;
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

}  // namespace cardea::peer
