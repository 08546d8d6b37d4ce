// Who gets what: the routes between sources and sinks of one shard's peers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/base/packet_pool.hpp"
#include "core/base/time.hpp"
#include "core/media/bandwidth_allocator.hpp"
#include "core/media/deadline_heap.hpp"
#include "core/media/engine.hpp"
#include "core/media/route.hpp"
#include "core/peer/counters.hpp"
#include "core/peer/peer.hpp"

namespace cardea::media {

/// What the router tells the layer above it. Called from inside its members.
class RouterListener {
 public:
  virtual ~RouterListener() = default;
  virtual void layer_changed(LineRef sink, const LayerState& state) = 0;
  virtual void talking(LineRef source, bool talks, double level) = 0;
  /// Not even the lowest layer fits into the viewer's link: nothing is sent there until it does.
  virtual void starved(LineRef sink) = 0;
};

/// Sans-IO, one thread. Packets of a batch are gathered per source first and given out sink by sink
/// at its end: so all that one viewer gets lies together in the send arena, as one GSO run, and
/// each viewer's cipher is loaded once per batch.
class Router {
 public:
  /// A peer as the router knows it.
  struct Member {
    PeerId id = 0;
    peer::MediaEnd* peer = nullptr;
    /// By m-line, grown as lines appear; never shrinks, so references stay.
    std::deque<Source> sources;
    /// Routes that end here, by m-line.
    std::vector<Route*> by_sink;
    /// Of all video together.
    BitratePolice police;
    BandwidthAllocator allocator;
    Time next_allocation;
  };

  /// @param pool of the packets that come. All outlive the router.
  Router(const PacketPool& pool, peer::Counters& counters, RouterListener& listener)
      : pool_(pool), counters_(counters), listener_(listener) {}

  Member& add_peer(PeerId id, peer::MediaEnd& peer);
  /// Its lines have changed.
  void peer_updated(Member& member, Time now);
  /// ICE and DTLS are done: what feeds it must start with a key frame.
  void peer_connected(Member& member, Time now);
  void remove_peer(PeerId id);
  [[nodiscard]] Member* find(PeerId id);

  void add_route(RouteId id, LineRef source, LineRef sink, const RouteSettings& settings, Time now);
  /// A route to something that is no peer's m-line: a tap, a forward.
  void add_outlet(RouteId id, LineRef source, const RouteSettings& settings,
                  std::shared_ptr<peer::PacketSink> outlet, Time now);
  void set_route(RouteId id, const RouteSettings& settings, Time now);
  void remove_route(RouteId id);
  [[nodiscard]] std::size_t routes() const { return routes_.size(); }

  /// See LoadShedder::look().
  void shed(double share, Time now);

  void set_source(LineRef source, const SourceSettings& settings, Time now);
  /// All layers that the source has.
  void request_keyframe(LineRef source, Time now);
  /// The remote behind this sink asked.
  void sink_wants_keyframe(Member& member, std::uint32_t line, Time now);
  /// Whoever is at the end of this route asked.
  void route_wants_keyframe(RouteId id, Time now);
  /// Packets of this layer were lost for good.
  void layer_needs_keyframe(Member& member, std::uint32_t line, std::uint8_t layer, Time now);

  /// Takes one packet of the batch. `buffer` holds it and must do so until flush().
  void receive(Member& member, const peer::SourcePacket& packet, const PacketRef& buffer, Time now);
  /// Sends all that came since the last flush.
  void flush(Time now);

  /// A viewer's streams are divided anew now and then.
  [[nodiscard]] static bool allocation_due(const Member& member, Time now);
  /// Gives each stream of a viewer the layers for which there is room, or none. @param estimate of
  /// what its link carries, bit/s. @returns what all of them would take at their best.
  std::uint64_t allocate(Member& member, std::uint64_t estimate, Time now);

  /// Nothing tells any more what a viewer's link carries.
  void uncap(Member& member, Time now);
  /// A viewer hears again after a silence: what it missed is too much to be sent once more.
  void wake(Member& member, Time now);

  /// Key frame requests and pieces of replays that are due.
  void poll(Time now);
  [[nodiscard]] Time next_deadline() const { return std::min(deadlines_.next(), next_replay_); }

 private:
  Source* source(LineRef ref);
  void grow(Member& member);
  void bind(Route& route, Time now);
  void detach(Route& route);
  void shed(Route& route, double share);
  void want_keyframe(Source& source, std::uint8_t layer, Time now);
  void ask_for_waiting(Source& source, Time now);
  void keep(Source& source, const peer::SourcePacket& packet, const PacketRef& buffer, Time now);
  /// What belongs to the key frame or followed it has come already, and can be had from the cache.
  [[nodiscard]] static bool overtaken(Source& source, const peer::SourcePacket& keyframe);
  bool begin_replay(Route& route, Source& source, Time now);
  void poll_replays(Time now);
  void replay_piece(Route& route, Time now);
  void note_layer(Source& source, std::uint8_t layer, Time now);
  void note_level(Source& source, const rtp::Packet& packet);
  static void prepare(const Source& source, std::size_t present);
  [[nodiscard]] bool admits(Member& member, Source& source, const rtp::Packet& packet, Time now);
  void rearm(Source& source);
  void give(Route& route, std::span<const Rung> ladder, std::optional<std::size_t> rung,
            bool flooded, Time now);

  const PacketPool& pool_;
  peer::Counters& counters_;
  RouterListener& listener_;
  std::unordered_map<PeerId, Member> members_;
  std::unordered_map<RouteId, std::unique_ptr<Route>> routes_;
  std::vector<Source*> dirty_;
  double shed_share_ = 0;
  DeadlineHeap deadlines_;
  // In the order in which their turns come.
  std::vector<Route*> replays_;
  Time next_replay_ = Time::max();
};

}  // namespace cardea::media
