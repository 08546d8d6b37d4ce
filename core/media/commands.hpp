// The messages between control and a worker: small values, in order.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/media/engine.hpp"
#include "core/media/peer_dump.hpp"
#include "core/media/tap.hpp"
#include "core/net/udp_socket.hpp"

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

/// Its end is the command's: what is not applied ends the observer all the same.
struct AddTap {
  RouteId route = 0;
  LineRef source;
  RouteSettings settings;
  std::shared_ptr<Tap> tap;
};
struct AddForward {
  RouteId route = 0;
  LineRef source;
  ForwardSettings settings;
};
/// The socket is for the worker; a shard looks at the rest.
struct AddReceiver {
  PeerId receiver = 0;
  std::uint32_t epoch = 0;
  ReceiverSettings settings;
  std::shared_ptr<net::UdpSocket> socket;
};
struct RemoveReceiver {
  PeerId receiver = 0;
};
/// Replaces an older one; null ends it.
struct SetDump {
  PeerId peer = 0;
  std::shared_ptr<PeerDump> dump;
};
struct QueryPeer {
  PeerId peer = 0;
  std::function<void(std::optional<PeerStats>)> done;
};
struct QueryWorker {
  std::function<void(std::vector<WorkerStats>)> done;
};

using Command = std::variant<AddPeer, UpdatePeer, RemovePeer, AddRoute, SetRoute, RemoveRoute,
                             SetSource, RequestKeyframe, AddTap, AddForward, AddReceiver,
                             RemoveReceiver, SetDump, QueryPeer, QueryWorker>;

// Worker to control; see Listener.

struct PathUp {
  Address remote;
};
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
struct LayerChanged {
  std::uint32_t line = 0;
  std::int32_t substream = -1;
  std::int32_t temporal = -1;
};
struct Talking {
  std::uint32_t line = 0;
  bool talks = false;
  double level = 0;
};
/// The answer to a query, to be called on control; of no peer.
struct Answer {
  std::function<void()> deliver;
};

struct Notice {
  PeerId peer = 0;
  std::uint32_t epoch = 0;
  std::variant<PathUp, PeerUp, PeerDown, MediaFlow, SlowLink, LayerChanged, Talking, Answer> what;
};

}  // namespace cardea::media
