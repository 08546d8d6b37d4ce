// The one TCP port of media (RFC 6544, passive): connections of clients whose UDP is blocked.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/base/packet_pool.hpp"
#include "core/media/shard.hpp"
#include "core/metrics/metrics.hpp"
#include "core/net/event_loop.hpp"
#include "core/net/framed_connection.hpp"
#include "core/net/tcp_listener.hpp"
#include "core/peer/send_arena.hpp"

namespace cardea::media {

struct TcpPortOptions {
  std::size_t max_connections = 4096;
  std::size_t max_per_address = 256;
  /// Of one address, connections that have not shown a good check yet. A browser opens a few for
  /// each of its RTCPeerConnections.
  std::size_t max_unproven_per_address = 64;
  /// Without a good check for so long a connection is closed.
  Duration proof = std::chrono::seconds(5);
};

/// One thread: the worker's. A connection is a path; its number is the way.
class TcpPort {
 public:
  struct Owner {
    std::function<void(std::span<const Datagram>)> receive;
    /// The other side has ended it, or it broke. Not called for what drop() ends.
    std::function<void(const Path&)> closed;
  };

  /// @param binds one address of each family at most; their ports do not count. @param port 0 lets
  /// the kernel choose one that is free for all of them. @param reuse_port other sockets of this
  /// user may share it. Errors name the address.
  static Result<std::vector<net::TcpListener>> listen(const std::vector<Address>& binds,
                                                      std::uint16_t port, bool reuse_port);

  /// @param pool where received frames go. All references outlive the port.
  TcpPort(const TcpPortOptions& options, std::vector<net::TcpListener> listeners,
          net::EventLoop& loop, PacketPool& pool, metrics::Registry& metrics, Owner owner);
  ~TcpPort();
  TcpPort(const TcpPort&) = delete;
  TcpPort& operator=(const TcpPort&) = delete;

  /// [the loop's thread] Before the loop runs.
  void start();
  /// Those of streams; others are left out.
  void send(std::span<const peer::SendRun> runs);
  /// A good check came by this path: it may stay.
  void proven(const Path& path);
  /// Nobody uses this path any more. It is closed by sweep(), once what waits was tried.
  void drop(const Path& path);
  /// At the end of each turn.
  void sweep();
  /// Lets go of a connection that is another's; null when it has ended or
  /// shown a good check here. Not from inside a callback
  /// of this port.
  std::unique_ptr<net::FramedConnection> take(const Path& path);
  /// A connection that somebody else accepted. @returns its path; empty when it was refused, and
  /// closed.
  Path adopt(std::unique_ptr<net::FramedConnection> link, const Address& remote);

 private:
  struct Connection;
  struct OfAddress {
    std::size_t all = 0;
    std::size_t unproven = 0;
  };

  void watch(net::TcpListener& listener);
  void on_connections(net::TcpListener& listener);
  [[nodiscard]] const metrics::Counter* refusal(const Address& remote) const;
  void on_event(Connection& connection, std::uint32_t events);
  bool read(Connection& connection);
  void hand_over();
  void flush(Connection& connection);
  void end(Connection& connection);
  void let_go(std::uint32_t way);
  Connection* find(const Path& path);

  TcpPortOptions options_;
  std::vector<net::TcpListener> listeners_;
  net::EventLoop& loop_;
  PacketPool& pool_;
  Owner owner_;
  metrics::Gauge open_;
  metrics::Counter too_many_;
  metrics::Counter too_many_of_address_;
  metrics::Counter unproven_;
  metrics::Counter queue_full_;
  std::unordered_map<std::uint32_t, std::unique_ptr<Connection>> connections_;
  std::vector<std::uint32_t> ending_;
  /// By IP; the port is zero.
  std::unordered_map<Address, OfAddress, AddressHash> of_address_;
  std::uint32_t last_way_ = 0;
  std::vector<std::uint8_t> input_;
  std::vector<Datagram> batch_;
};

}  // namespace cardea::media
