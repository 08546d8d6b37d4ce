// What a peer tells the layer above it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/path.hpp"

namespace cardea::peer {

/// Called from inside Peer's own members, so none may destroy the peer.
class Listener {
 public:
  virtual ~Listener() = default;

  /// An authenticated check came from `from`. False when that path may not be used: it belongs
  /// to another peer. Called for each check.
  virtual bool path_checked(const Path& from) = 0;
  /// The peer does not listen to this path any more.
  virtual void path_dropped(const Path& from) = 0;
  /// ICE and DTLS are done.
  virtual void connected() = 0;
  /// The connection is over and the peer dead; nothing is sent any more.
  virtual void ended(std::string_view reason) = 0;

  /// Packets of data channels, at the earliest after connected().
  virtual void application_data(std::vector<std::vector<std::uint8_t>> packets) = 0;

  /// The remote wants a key frame on what we send as `line`.
  virtual void keyframe_wanted(std::uint32_t line) = 0;
  /// Packets of a source were lost for good: only a key frame mends the picture.
  virtual void keyframe_needed(std::uint32_t line, std::uint8_t layer) = 0;
  /// Packets of a source begin to arrive, or none came for a while.
  virtual void media_flow(std::uint32_t line, bool receiving) = 0;
  /// Many packets were lost in the last second. `uplink`: on their way to us.
  virtual void slow_link(std::uint32_t line, bool uplink, std::uint32_t lost) = 0;
};

}  // namespace cardea::peer
