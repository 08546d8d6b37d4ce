// The media core for real: Engine on the control thread, its workers on threads of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/log/log.hpp"
#include "core/media/advertised.hpp"
#include "core/media/commands.hpp"
#include "core/media/data_engine.hpp"
#include "core/media/engine.hpp"
#include "core/media/placement.hpp"
#include "core/metrics/metrics.hpp"
#include "core/net/event_loop.hpp"

namespace cardea::media {

class ObserverThread;
class Worker;
struct Crew;
struct Sockets;
struct WorkerOptions;

struct WorkerEngineOptions {
  /// Media over TCP for clients whose UDP is blocked (RFC 6544).
  bool tcp = true;
  /// 0 lets the kernel choose: see WorkerEngine::tcp_port().
  std::uint16_t tcp_port = 10'000;
  std::size_t max_tcp_connections = 4096;
  std::size_t max_tcp_connections_per_address = 256;
  /// Numeric, one of each family at most; "0.0.0.0" and "::" take every interface. Empty: for each
  /// family of `addresses` every interface, or their loopback address when all are one.
  std::vector<std::string> bind_addresses;
  /// 0 lets the kernel choose: see WorkerEngine::udp_port().
  std::uint16_t udp_port = 10'000;
  /// See media::advertised_addresses().
  std::vector<std::string> addresses = {"127.0.0.1"};
  NatOptions nat;
  /// Threads, each with sockets of its own on the same ports. At most 64.
  unsigned workers = 1;
  std::size_t max_peers = 10'000;
  /// DTLS handshakes at once (threat M2); a client beyond it waits for its own retransmission.
  std::size_t max_handshakes = 256;
  /// REMB is clamped to this, and it is what senders without a cap are told. bit/s.
  std::uint32_t max_bitrate = 10'000'000;
};

/// [control] All calls. Notices reach the listener from the control loop, never from inside a call.
class WorkerEngine final : public Engine {
 public:
  static constexpr unsigned kMaxWorkers = 64;

  /// All references must outlive the engine.
  WorkerEngine(WorkerEngineOptions options, log::Logger log, metrics::Registry& metrics,
               net::EventLoop& control_loop);
  /// Calls stop().
  ~WorkerEngine() override;
  WorkerEngine(const WorkerEngine&) = delete;
  WorkerEngine& operator=(const WorkerEngine&) = delete;

  /// Who gets the notices; before start(). Outlives the engine, or stop() comes first.
  void listen(Listener& listener) {
    listener_ = &listener;
    data_.listen(listener);
  }

  /// Makes the certificate, binds the ports and starts the workers' threads. Errors name the
  /// address
  /// ("media port 127.0.0.1:10000: Address already in use").
  Result<void> start();
  /// Sends close_notify to every peer, ends the threads, closes the ports. No notice comes
  /// afterwards. May be called twice.
  void stop();

  /// The port really bound. Valid after start().
  [[nodiscard]] std::uint16_t udp_port() const { return udp_port_; }

  /// What clients are told, without a NAT in between what this machine has. Valid after start().
  [[nodiscard]] const Advertised& advertised() const { return advertised_; }
  /// 0 without TCP.
  [[nodiscard]] std::uint16_t tcp_port() const { return tcp_port_; }

  /// Valid after start().
  [[nodiscard]] const LocalTransport& local_transport() const override { return transport_; }
  Result<void> add_peer(PeerId peer, std::uint64_t placement, peer::Params params) override;
  void update_peer(PeerId peer, peer::Params params) override;
  void remove_peer(PeerId peer) override;
  RouteId add_route(LineRef source, LineRef sink, const RouteSettings& settings) override;
  void set_route(RouteId route, const RouteSettings& settings) override;
  void remove_route(RouteId route) override;
  void set_source(LineRef source, const SourceSettings& settings) override;
  void request_keyframe(LineRef source) override;
  DataSent send_data(PeerId peer, DataMessage message) override;
  RouteId add_forward(LineRef source, const ForwardSettings& settings) override;
  Result<ReceiverPort> add_receiver(const ReceiverSettings& settings) override;
  void remove_receiver(PeerId receiver) override;
  RouteId add_tap(LineRef source, const RouteSettings& settings,
                  std::shared_ptr<Observer> observer) override;
  void query_peer(PeerId peer, std::function<void(std::optional<PeerStats>)> done) override;
  void query_workers(std::function<void(std::vector<WorkerStats>)> done) override;
  Result<void> start_dump(PeerId peer, const DumpSettings& settings) override;
  Result<void> stop_dump(PeerId peer) override;

 private:
  struct Member {
    std::unique_ptr<Worker> worker;
    std::thread thread;
  };
  /// Where a peer or receiver is.
  struct Place {
    /// See AddPeer.
    std::uint32_t epoch = 0;
    unsigned worker = 0;
    std::uint64_t key = 0;
  };

  Result<std::vector<Sockets>> open_ports();
  void describe(const Sockets& sockets);
  [[nodiscard]] WorkerOptions worker_options() const;
  bool post(unsigned worker, Command command);
  /// Null when there is no such peer.
  [[nodiscard]] const Place* place_of(PeerId peer) const;
  Place& settle(PeerId peer, std::uint64_t placement);
  bool forget(PeerId peer);
  RouteId next_route(unsigned worker);
  void take_notices(Worker& worker);
  void deliver(const Notice& notice);

  WorkerEngineOptions options_;
  log::Logger log_;
  metrics::Registry& metrics_;
  net::EventLoop& control_loop_;
  Listener* listener_ = nullptr;

  metrics::Counter tap_dropped_;
  std::unique_ptr<ObserverThread> observers_;
  std::unique_ptr<Crew> crew_;
  std::vector<Member> workers_;
  DataEngine data_;
  LocalTransport transport_;
  Advertised advertised_;
  /// Where receivers listen that name no address.
  std::string receivers_bind_;
  std::uint16_t udp_port_ = 0;
  std::uint16_t tcp_port_ = 0;
  std::unordered_map<PeerId, Place> peers_;
  Placement placement_;
  std::uint32_t last_epoch_ = 0;
  /// Expired where the peer has ended.
  std::unordered_map<PeerId, std::weak_ptr<PeerDump>> dumps_;
  RouteId last_route_ = 0;
  std::uint64_t last_receiver_ = 0;
};

}  // namespace cardea::media
