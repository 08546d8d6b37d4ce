// All that a worker does, without its thread and socket: demux, peers, router and deadlines.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/address.hpp"
#include "core/base/packet_pool.hpp"
#include "core/base/time.hpp"
#include "core/media/commands.hpp"
#include "core/media/data_messages.hpp"
#include "core/media/deadline_heap.hpp"
#include "core/media/demux.hpp"
#include "core/media/forward_end.hpp"
#include "core/media/router.hpp"
#include "core/peer/counters.hpp"
#include "core/peer/identity.hpp"
#include "core/peer/peer.hpp"
#include "core/peer/send_arena.hpp"

namespace cardea::media {

/// One received datagram.
struct Datagram {
  PacketRef buffer;
  std::uint32_t size = 0;
  Path from;

  [[nodiscard]] MutableBytes bytes() const { return buffer.space().first(size); }
};

struct ShardOptions {
  /// DTLS handshakes at once (threat M2).
  std::size_t max_handshakes = 256;
  /// See peer::Environment.
  std::uint32_t max_bitrate = 10'000'000;
  // Fits a second-level cache; a full arena is flushed in between.
  std::size_t arena_bytes = std::size_t{768} * 1024;
  std::size_t arena_runs = 256;
  std::size_t plain_arena_bytes = std::size_t{128} * 1024;
};

/// What a shard asks and tells whoever runs it. Called from inside its calls.
class ShardOwner {
 public:
  virtual ~ShardOwner() = default;
  /// A good check came by this path: it is a peer's here.
  virtual void path_claimed(const Path& path) = 0;
  virtual void path_released(const Path& path) = 0;
  virtual void ufrag_added(const std::string& ufrag) = 0;
  virtual void ufrag_removed(const std::string& ufrag) = 0;
  /// Nobody is meant here. True when it is somebody's elsewhere, and not to be counted as dropped.
  virtual bool stray(const Datagram& datagram) = 0;
};

/// One peer and what the shard knows of it.
struct PeerEntry;
struct ReceiverEntry;

/// Sans-IO, one thread: the worker's, or a simulator's.
class Shard final : private RouterListener {
 public:
  /// @param pool of the datagrams that receive() will bring; outlives the shard. @param send gets
  /// all that goes out, at the latest at the end of each call. @param send_plain the same for
  /// forwarded RTP, which leaves from another port.
  Shard(const ShardOptions& options, peer::Identity identity, const PacketPool& pool,
        peer::SendArena::Flush send, peer::SendArena::Flush send_plain = {});
  ~Shard() override;
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  void apply(Command& command, Time now);
  /// One batch from the socket.
  void receive(std::span<const Datagram> batch, Time now);
  /// Packets of data channels for its peers.
  void send_data(std::span<const PeerPackets> packets, Time now);
  /// One batch from a receiver's own port.
  void receive_for(PeerId receiver, std::span<const Datagram> batch, Time now);
  /// How receivers answer: datagrams from their own port. Before the first of them.
  using SendFrom = std::function<void(PeerId receiver, const Address& to, Bytes datagram)>;
  void set_send_from(SendFrom send) { send_from_ = std::move(send); }
  /// Before the first peer. Outlives the shard.
  void set_owner(ShardOwner& owner) { owner_ = &owner; }
  /// The connection is gone.
  void stream_closed(const Path& path, Time now);
  /// A datagram from a destination of forwarded RTP.
  void receive_plain(MutableBytes datagram, const Address& from, Time now);
  /// See LoadShedder::look().
  void shed(double share, Time now) { router_.shed(share, now); }
  /// Does what is due.
  void poll(Time now);
  /// Time::max() while nothing waits.
  [[nodiscard]] Time next_deadline() const;
  /// close_notify to everybody; no peer is left.
  void close_all();

  /// For control, oldest first.
  std::vector<Notice> take_notices() { return std::exchange(notices_, {}); }
  /// For the data thread, in order.
  std::vector<DataInput> take_data_inputs() { return std::exchange(data_inputs_, {}); }
  [[nodiscard]] const peer::Counters& counters() const { return counters_; }
  [[nodiscard]] std::size_t peers() const { return peers_.size(); }
  [[nodiscard]] std::size_t routes() const { return router_.routes(); }
  [[nodiscard]] std::size_t handshakes() const { return handshakes_; }
  [[nodiscard]] const Demux& demux() const { return demux_; }

 private:
  friend struct PeerEntry;
  friend struct ReceiverEntry;

  void on(AddPeer& command, Time now);
  void on(UpdatePeer& command, Time now);
  void on(RemovePeer& command, Time now);
  void on(AddRoute& command, Time now);
  void on(SetRoute& command, Time now);
  void on(RemoveRoute& command, Time now);
  void on(SetSource& command, Time now);
  void on(RequestKeyframe& command, Time now);
  void on(AddTap& command, Time now);
  void on(AddForward& command, Time now);
  void on(AddReceiver& command, Time now);
  void on(RemoveReceiver& command, Time now);
  void on(SetDump& command, Time now);
  void on(QueryPeer& command, Time now);
  void on(QueryWorker& command, Time now);

  void flush();
  void poll_receivers(Time now);
  void clear_receivers();
  void layer_changed(LineRef sink, const LayerState& state) override;
  void talking(LineRef source, bool talks, double level) override;
  void starved(LineRef sink) override;
  void divide(PeerEntry& entry);
  template <typename What>
  void notice_of(PeerId peer, What what);
  void receive_one(const Datagram& datagram, Time now);
  void follow(PeerEntry& entry);
  void reap();
  void erase(PeerId id);
  void sync_ufrags(PeerEntry& entry);
  void release(const Path& path, const PeerEntry& entry);
  void remove_ufrag(const std::string& ufrag, const PeerEntry& entry);

  ShardOptions options_;
  peer::Identity identity_;
  peer::Counters counters_;
  peer::SendArena arena_;
  peer::SendArena plain_arena_;
  Demux demux_;
  Router router_;
  DeadlineHeap deadlines_;
  std::vector<DataInput> data_inputs_;
  DeadlineHeap receiver_deadlines_;
  std::unordered_map<PeerId, std::unique_ptr<PeerEntry>> peers_;
  struct ForwardRtcp {
    RouteId route = 0;
    std::weak_ptr<ForwardEnd> end;
  };
  std::vector<ForwardRtcp> forwards_;
  std::unordered_map<PeerId, std::unique_ptr<ReceiverEntry>> receivers_;
  SendFrom send_from_;
  ShardOwner* owner_ = nullptr;
  std::vector<PeerId> ended_;
  std::vector<Notice> notices_;
  std::size_t handshakes_ = 0;
  // Of the call that runs, for the listeners that have no argument for it.
  Time now_;
};

}  // namespace cardea::media
