// What the media core can tell about its peers and workers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/peer/stats.hpp"

namespace cardea::media {

using peer::LineStats;
using peer::PeerStats;
using peer::StreamStats;

struct WorkerStats {
  std::uint32_t id = 0;
  std::size_t peers = 0;
  std::size_t routes = 0;
  /// Peer ids, in no order.
  std::vector<std::uint64_t> peer_ids;
};

}  // namespace cardea::media
