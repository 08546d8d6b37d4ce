// One publisher (peer 1) with audio and video, routed to some subscribers (peers 2, 3, ...).
#pragma once

#include <vector>

#include "tests/scenario/support/simulation.hpp"

namespace cardea::scenario {

constexpr std::uint32_t kAudioIn = 1001;
constexpr std::uint32_t kVideoIn = 1002;
constexpr std::uint32_t kVideoInRtx = 1003;
// Of each subscriber: SSRCs mean something within one connection only.
constexpr std::uint32_t kAudioOut = 2001;
constexpr std::uint32_t kVideoOut = 2002;
constexpr std::uint32_t kVideoOutRtx = 2003;

struct CallOptions {
  std::uint64_t seed = 1;
  std::size_t subscribers = 1;
  /// Both ways; else packets are sent again as they were.
  bool rtx = true;
  /// Transport-wide congestion control on all lines, both ways.
  bool transport_cc = false;
  media::ShardOptions shard = {};
};

/// Line 0 is audio, line 1 video. Routes: 10 * peer + line.
struct Call {
  explicit Call(const CallOptions& options = {});

  /// The publisher begins to send.
  void publish();

  CallOptions options;
  Simulation world;
  ClientPeer* publisher = nullptr;
  std::vector<ClientPeer*> subscribers;

  [[nodiscard]] const ReceivedStream& audio(std::size_t subscriber = 0) const {
    return subscribers[subscriber]->received(kAudioOut);
  }
  [[nodiscard]] const ReceivedStream& video(std::size_t subscriber = 0) const {
    return subscribers[subscriber]->received(kVideoOut);
  }
};

}  // namespace cardea::scenario
