// The media core as the control thread sees it: peers, routes and settings by id. Commands go to
// the workers as messages, and what they notice comes back through Listener. An interface, so that
// sessions are tested with a fake.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/peer/params.hpp"

namespace cardea::media {

/// One WebRTC connection; the session layer uses the handle's id. Never zero.
using PeerId = std::uint64_t;
/// Zero is none.
using RouteId = std::uint64_t;

constexpr std::uint32_t kAllLines = std::numeric_limits<std::uint32_t>::max();

/// An m-line of a peer, by its index in the description.
struct LineRef {
  PeerId peer = 0;
  std::uint32_t line = 0;
  friend bool operator==(const LineRef&, const LineRef&) = default;
};

struct RouteSettings {
  bool paused = false;
  std::int32_t substream =
      -1;  ///< highest simulcast layer wanted, 0 lowest, -1 the highest there is
  std::int32_t temporal = -1;  ///< highest temporal layer wanted, -1 all
};

struct SourceSettings {
  std::uint32_t bitrate = 0;           ///< cap in bit/s told to the sender by REMB; 0 none
  std::uint32_t keyframe_seconds = 0;  ///< ask for a key frame this often; 0 never
};

/// One message on a data channel.
struct DataMessage {
  std::string label;     ///< of the channel
  std::string protocol;  ///< its subprotocol, usually empty
  bool binary = false;
  std::string payload;
};

enum class DataSent : std::uint8_t {
  Queued,
  NoChannel,  ///< no data m-line, or the peer is not up
  Full,       ///< too much waits already: Listener::data_room() follows
  TooBig,
};

/// Figures of one m-line in one direction.
struct LineStats {
  std::uint32_t line = 0;
  bool incoming = false;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t lost = 0;
  std::uint64_t nacks = 0;
  std::uint64_t retransmissions = 0;
  std::uint64_t keyframe_requests = 0;
};

/// All calls [control].
class Listener {
 public:
  virtual ~Listener() = default;
  /// ICE and DTLS are done; media may flow.
  virtual void peer_up(PeerId peer) = 0;
  /// Ended by the remote or by a fault (not by remove_peer): "DTLS alert", "ICE failed", ... The
  /// peer is gone already.
  virtual void peer_down(PeerId peer, std::string_view reason) = 0;
  /// Packets of a source begin to arrive, or none came for a while.
  virtual void media_flow(LineRef source, bool receiving) = 0;
  /// Many packets were lost in the last second. `uplink`: on their way from the client to us.
  virtual void slow_link(LineRef line, bool uplink, std::uint32_t lost) = 0;
  /// Data channels can be used.
  virtual void data_up(LineRef line) = 0;
  /// A message came that no route took.
  virtual void data_message(PeerId peer, const DataMessage& message) = 0;
  /// After DataSent::Full: there is room again.
  virtual void data_room(LineRef line) = 0;
};

/// What goes into our descriptions.
struct LocalTransport {
  std::string fingerprint;  ///< sha-256 of our certificate, "AB:CD:..."
  std::vector<std::string>
      candidates;  ///< complete values of a=candidate, host candidates of the shared port
};

/// All calls [control] and none blocks.
class Engine {
 public:
  virtual ~Engine() = default;

  [[nodiscard]] virtual const LocalTransport& local_transport() const = 0;

  /// Makes a peer on the worker that serves `placement`. Error when the bound on peers is reached
  /// or the id is in use.
  virtual Result<void> add_peer(PeerId peer, std::uint64_t placement, peer::Params params) = 0;
  /// New m-lines at the end, changed directions, other ICE credentials (the old ones stay valid
  /// beside the new). DTLS and SRTP go on.
  virtual void update_peer(PeerId peer, peer::Params params) = 0;
  /// Says goodbye by DTLS close_notify and forgets the peer with all its routes. Unknown ids are
  /// ignored.
  virtual void remove_peer(PeerId peer) = 0;

  /// Sends what arrives at `source` out at `sink`, in place of the route that the sink had; the
  /// stream goes on under the sink's SSRC. Asks for a key frame. Zero when a peer is unknown.
  virtual RouteId add_route(LineRef source, LineRef sink, const RouteSettings& settings) = 0;
  virtual void set_route(RouteId route, const RouteSettings& settings) = 0;
  virtual void remove_route(RouteId route) = 0;

  /// With kAllLines the bitrate holds for all video of the peer together.
  virtual void set_source(LineRef source, const SourceSettings& settings) = 0;
  virtual void request_keyframe(LineRef source) = 0;

  /// On the channel of that label; a missing one is opened, ordered and reliable.
  virtual DataSent send_data(PeerId peer, DataMessage message) = 0;
};

}  // namespace cardea::media
