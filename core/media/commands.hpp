// The messages between control and a worker: small values, in order.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "core/media/engine.hpp"

namespace cardea::media {

// Control to worker; each does what the Engine call of the same name says.

struct AddPeer {
  PeerId peer = 0;
  /// Tells notices of this peer from those of an earlier one with the same id.
  std::uint32_t epoch = 0;
  peer::Params params;
};
struct UpdatePeer {
  PeerId peer = 0;
  peer::Params params;
};
struct RemovePeer {
  PeerId peer = 0;
};
struct AddRoute {
  RouteId route = 0;
  LineRef source;
  LineRef sink;
  RouteSettings settings;
};
struct SetRoute {
  RouteId route = 0;
  RouteSettings settings;
};
struct RemoveRoute {
  RouteId route = 0;
};
struct SetSource {
  LineRef source;
  SourceSettings settings;
};
struct RequestKeyframe {
  LineRef source;
};

using Command = std::variant<AddPeer, UpdatePeer, RemovePeer, AddRoute, SetRoute, RemoveRoute,
                             SetSource, RequestKeyframe>;

// Worker to control; see Listener.

struct PeerUp {};
struct PeerDown {
  std::string reason;
};
struct MediaFlow {
  std::uint32_t line = 0;
  bool receiving = false;
};
struct SlowLink {
  std::uint32_t line = 0;
  bool uplink = false;
  std::uint32_t lost = 0;
};

struct Notice {
  PeerId peer = 0;
  std::uint32_t epoch = 0;
  std::variant<PeerUp, PeerDown, MediaFlow, SlowLink> what;
};

}  // namespace cardea::media
