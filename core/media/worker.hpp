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
#include "core/media/plain_sockets.hpp"
#include "core/media/shard.hpp"
#include "core/media/tcp_port.hpp"
#include "core/media/udp_port.hpp"
#include "core/media/worker_metrics.hpp"
#include "core/net/event_loop.hpp"

namespace cardea::media {

struct WorkerOptions {
  ShardOptions shard;
  TcpPortOptions tcp;
  /// Buffers of kPacketCapacity bytes: 64 MiB by default, taken as needed.
  std::size_t packet_buffers = std::size_t{40} * 1024;
};

/// Open and bound.
struct Sockets {
  UdpPort udp;
  /// Empty: no media over TCP.
  std::vector<net::TcpListener> tcp;
};

/// Owns its shard and ports; only run() touches them. Between it and control go messages.
class Worker {
 public:
  /// @param data of the data thread, which ends before this worker
  /// is destroyed.
  Worker(const WorkerOptions& options, Sockets sockets, peer::Identity identity, log::Logger log,
         metrics::Registry& metrics, Mailbox<DataInput>& data);
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
  void on_commands();
  void on_data_packets();
  void end_of_turn();
  void pass_data();

  UdpPort udp_;
  log::Logger log_;
  WorkerMetrics metrics_;
  PacketPool pool_;
  Shard shard_;
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
  std::vector<net::ReceiveSlot> slots_;
  Time next_publish_;
  std::atomic<bool> stopped_{false};
};

}  // namespace cardea::media
