// One media thread: its UDP and TCP ports, an event loop and a mailbox around a shard.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/base/mailbox.hpp"
#include "core/base/packet_pool.hpp"
#include "core/log/log.hpp"
#include "core/media/commands.hpp"
#include "core/media/load_shedder.hpp"
#include "core/media/neighbours.hpp"
#include "core/media/plain_sockets.hpp"
#include "core/media/shard.hpp"
#include "core/media/sockets.hpp"
#include "core/media/worker_metrics.hpp"
#include "core/net/event_loop.hpp"

namespace cardea::media {

struct WorkerOptions {
  ShardOptions shard;
  TcpPortOptions tcp;
  /// Buffers of kPacketCapacity bytes: 64 MiB by default, taken as needed.
  std::size_t packet_buffers = std::size_t{40} * 1024;
};

/// Owns its shard and ports; only run() touches them. Between it and control go messages.
class Worker final : private ShardOwner {
 public:
  /// @param crew of all workers, of which this is number `index`; outlives it. @param data of the
  /// data thread, which ends before this worker is destroyed.
  Worker(const WorkerOptions& options, Sockets sockets, Crew& crew, unsigned index,
         peer::Identity identity, log::Logger log, metrics::Registry& metrics,
         Mailbox<DataInput>& data);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// [the worker's thread] Until stop().
  void run();
  /// [any] Says goodbye to all peers and ends run().
  void stop();
  /// [any] False when too many wait.
  bool post(Command command) { return commands_.post(std::move(command)); }
  /// Read by control.
  [[nodiscard]] Mailbox<Notice>& notices() { return notices_; }

 private:
  void on_readable(net::UdpSocket& socket);
  std::span<const Datagram> read_batch(net::UdpSocket& socket);
  void open_receiver(const AddReceiver& command);
  void close_receiver(PeerId receiver);
  void on_crew();
  void take(const HandOver& over);
  void take(ConnectionOver& over);
  void take(const PathLearnt& learnt) { neighbours_.learn(learnt, loop_.now()); }
  void take(const PathForgotten& forgotten) { neighbours_.forget(forgotten); }
  void feed(const DatagramBatch& batch, const Path* path);
  void move_connections();
  void on_commands();

  void path_claimed(const Path& path) override;
  void path_released(const Path& path) override;
  void ufrag_added(const std::string& ufrag) override { neighbours_.ufrag_added(ufrag); }
  void ufrag_removed(const std::string& ufrag) override { neighbours_.ufrag_removed(ufrag); }
  bool stray(const Datagram& datagram) override { return neighbours_.stray(datagram); }

  void on_data_packets();
  void end_of_turn();
  void look_at_load(Time now);
  void pass_data();

  UdpPort udp_;
  log::Logger log_;
  WorkerMetrics metrics_;
  PacketPool pool_;
  Neighbours neighbours_;
  Shard shard_;
  LoadShedder shedder_;
  net::EventLoop loop_;
  TcpPort tcp_;
  PlainSockets plain_;
  /// Of receivers, each on its own port.
  std::unordered_map<PeerId, std::shared_ptr<net::UdpSocket>> receivers_;
  Mailbox<Command> commands_;
  Mailbox<Notice> notices_;
  Mailbox<DataInput>& data_;
  Mailbox<PeerPackets> data_packets_;
  std::vector<Notice> unsent_notices_;
  std::vector<Datagram> batch_;
  /// From other workers.
  std::vector<Datagram> fed_;
  std::vector<net::ReceiveSlot> slots_;
  Time next_publish_;
  std::atomic<bool> stopped_{false};
};

}  // namespace cardea::media
