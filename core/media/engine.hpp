// The media core as the control thread sees it: peers, routes and settings by id. Commands go to
// the workers as messages, and what they notice comes back through Listener. An interface, so that
// sessions are tested with a fake.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/base/address.hpp"
#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "core/media/plain.hpp"
#include "core/media/stats.hpp"
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
  bool exact = false;          ///< that simulcast layer or none
  /// Without packets of the wished simulcast layer for so long a lower one is taken.
  Duration fallback = std::chrono::milliseconds(250);
  /// Playout-delay extension of every packet, in milliseconds; -1: none is added.
  std::int32_t min_delay = -1;
  std::int32_t max_delay = -1;
};

struct SourceSettings {
  std::uint32_t bitrate = 0;           ///< cap in bit/s told to the sender by REMB; 0 none
  std::uint32_t keyframe_seconds = 0;  ///< ask for a key frame this often; 0 never
  /// Talking is judged over this many packets with an audio level; 0: not at all.
  std::uint32_t talk_packets = 0;
  std::uint32_t talk_level = 0;  ///< mean level below which somebody talks, -dBov
  bool enforce_bitrate = false;  ///< what goes well beyond `bitrate` is dropped (threat M11)
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

/// One packet that an observer gets: RTP in the clear; of data channels the payload.
struct ObservedPacket {
  Time arrival;
  Bytes packet;
  bool keyframe = false;
};

/// Gets copies of packets on a thread for blocking work; never two calls at once.
class Observer {
 public:
  virtual ~Observer() = default;
  /// The next packets, oldest first. @param lost that did not fit into the queue before these.
  virtual void packets(std::span<const ObservedPacket> packets, std::uint64_t lost) = 0;
  /// The last call.
  virtual void ended() = 0;
};

/// Where the RTP and RTCP of a peer is written to, decrypted.
struct DumpSettings {
  std::string path;
  std::uint32_t truncate = 0;  ///< bytes of each packet that are kept; 0 all
  bool text = false;           ///< for text2pcap, instead of pcap
};

/// All calls [control].
class Listener {
 public:
  virtual ~Listener() = default;
  /// The first check of the client was good, from this address; DTLS begins.
  virtual void path_up(PeerId peer, const Address& remote) = 0;
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
  /// Another layer goes out at a sink from now on; -1 where the source has none of the kind.
  virtual void layer_changed(LineRef sink, std::int32_t substream, std::int32_t temporal) = 0;
  /// Somebody began or ended to talk. @param level mean of the last packets in -dBov.
  virtual void talking(LineRef source, bool talks, double level) = 0;
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
  /// Sends what arrives at `source` as plain RTP; a route to all other calls. Zero when the source
  /// is unknown.
  virtual RouteId add_forward(LineRef source, const ForwardSettings& settings) = 0;
  /// Opens a UDP port whose RTP is a source; its id stands for a peer in every LineRef of a source.
  virtual Result<ReceiverPort> add_receiver(const ReceiverSettings& settings) = 0;
  virtual void remove_receiver(PeerId receiver) = 0;
  /// Observes a source, as a route with these settings would forward it; ended by remove_route().
  /// Zero when the source is unknown: the observer is then never called.
  virtual RouteId add_tap(LineRef source, const RouteSettings& settings,
                          std::shared_ptr<Observer> observer) = 0;

  /// Answers later, on control: nothing when there is no such peer.
  virtual void query_peer(PeerId peer, std::function<void(std::optional<PeerStats>)> done) = 0;
  virtual void query_workers(std::function<void(std::vector<WorkerStats>)> done) = 0;
  /// Writes all media of a peer to a new file until stop_dump() or its end. The error says why the
  /// file could not be made, or that one is being written.
  virtual Result<void> start_dump(PeerId peer, const DumpSettings& settings) = 0;
  /// Error when none is being written.
  virtual Result<void> stop_dump(PeerId peer) = 0;
};

}  // namespace cardea::media
