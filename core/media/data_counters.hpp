// What the data thread counts.
#pragma once

#include <array>
#include <cstdint>

#include "core/sctp/data_channels.hpp"

namespace cardea::media {

struct DataCounters {
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  /// Packets of a peer that sends more than it gets turns for; SCTP sends them again.
  std::uint64_t inbox_full = 0;
  /// Routed messages that found a slow reader's queue full.
  std::uint64_t queue_full = 0;
  std::array<std::uint64_t, sctp::kRefusals> refused{};
};

}  // namespace cardea::media
