// The engine's beginning and end: ports, workers, threads.
#include <algorithm>
#include <utility>

#include "core/media/crew.hpp"
#include "core/media/observer_thread.hpp"
#include "core/media/sockets.hpp"
#include "core/media/worker.hpp"
#include "core/media/worker_engine.hpp"
#include "core/peer/identity.hpp"

namespace cardea::media {

Result<void> WorkerEngine::start() {
  if (options_.workers < 1 || options_.workers > kMaxWorkers) {
    return Error{"media workers: from 1 to " + std::to_string(kMaxWorkers)};
  }
  auto identity = peer::make_identity();
  if (!identity) {
    return identity.error();
  }
  auto sockets = open_ports();
  if (!sockets) {
    return sockets.error();
  }
  describe(sockets->front());
  transport_.fingerprint = peer::fingerprint_digest(*identity);
  if (auto started = data_.start(); !started) {
    return started;
  }
  crew_ = std::make_unique<Crew>(options_.workers, metrics_);
  observers_ = std::make_unique<ObserverThread>();
  for (unsigned i = 0; i < options_.workers; ++i) {
    workers_.push_back({std::make_unique<Worker>(worker_options(), std::move((*sockets)[i]), *crew_,
                                                 i, *identity, log_, metrics_, data_.inputs()),
                        {}});
  }
  for (Member& member : workers_) {
    Worker& worker = *member.worker;
    if (auto watched = control_loop_.add(worker.notices().fd(), EPOLLIN,
                                         [this, &worker](std::uint32_t) { take_notices(worker); });
        !watched) {
      stop();
      return watched;
    }
    member.thread = std::thread([&worker] { worker.run(); });
  }
  return {};
}

WorkerOptions WorkerEngine::worker_options() const {
  const std::size_t count = options_.workers;
  WorkerOptions worker;
  worker.shard.max_handshakes = std::max<std::size_t>(options_.max_handshakes / count, 1);
  worker.shard.max_bitrate = options_.max_bitrate;
  worker.tcp.max_connections = std::max<std::size_t>(options_.max_tcp_connections / count, 1);
  worker.tcp.max_per_address = options_.max_tcp_connections_per_address;
  return worker;
}

Result<std::vector<Sockets>> WorkerEngine::open_ports() {
  auto advertised = advertised_addresses(options_.addresses, options_.nat);
  if (!advertised) {
    return advertised.error();
  }
  advertised_ = *std::move(advertised);
  auto binds = binds_for(options_.bind_addresses, advertised_.ours, options_.udp_port);
  if (!binds) {
    return binds.error();
  }
  return open_sockets({*std::move(binds), options_.tcp, options_.tcp_port, options_.workers});
}

void WorkerEngine::describe(const Sockets& sockets) {
  udp_port_ = sockets.udp.port();
  tcp_port_ = sockets.tcp.empty() ? 0 : sockets.tcp.front().local_address().port();
  transport_.candidates = candidates_for(advertised_.told, udp_port_, tcp_port_);
  for (const net::UdpSocket& socket : sockets.udp.sockets()) {
    receivers_bind_ = receivers_bind_.empty() ? socket.local_address().ip() : receivers_bind_;
    log_.info("media listens on {}, udp port {}, tcp port {}, {} worker(s)",
              socket.local_address().ip(), udp_port_,
              tcp_port_ == 0 ? "none" : std::to_string(tcp_port_), options_.workers);
  }
  const int wanted = net::UdpOptions().receive_buffer;
  if (sockets.udp.receive_buffer() < wanted) {
    log_.warn("media socket: receive buffer is {} bytes (wanted {}); raise net.core.rmem_max",
              sockets.udp.receive_buffer(), wanted);
  }
}

void WorkerEngine::stop() {
  if (workers_.empty()) {
    return;
  }
  for (Member& member : workers_) {
    member.worker->stop();
  }
  for (Member& member : workers_) {
    if (member.thread.joinable()) {
      member.thread.join();
    }
    control_loop_.remove(member.worker->notices().fd());
  }
  data_.stop();
  workers_.clear();
  crew_.reset();
  // Taps have ended with the workers: their observers hear it here, while modules still live.
  observers_.reset();
  peers_.clear();
}

}  // namespace cardea::media
