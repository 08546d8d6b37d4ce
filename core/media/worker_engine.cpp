// Commands down, notices up.
#include "core/media/worker_engine.hpp"

#include <utility>
#include <variant>

#include "core/media/dump_file.hpp"
#include "core/media/observer_thread.hpp"
#include "core/media/worker.hpp"
#include "core/peer/identity.hpp"
#include "core/peer/peer.hpp"

namespace cardea::media {
namespace {

// Receivers' ids stand beside those of peers; handles are below 2^53.
constexpr PeerId kFirstReceiver = PeerId{1} << 62;

}  // namespace

WorkerEngine::WorkerEngine(WorkerEngineOptions options, log::Logger log, metrics::Registry& metrics,
                           net::EventLoop& control_loop)
    : options_(std::move(options)),
      log_(std::move(log)),
      metrics_(metrics),
      control_loop_(control_loop),
      tap_dropped_(metrics.counter("cardea_limit_hits_total", "Times that a bound was reached.",
                                   {{"limit", "tap_queue"}})),
      data_(log_, metrics, control_loop) {}

WorkerEngine::~WorkerEngine() { stop(); }

Result<void> WorkerEngine::start() {
  if (options_.workers != 1) {
    return Error{"media workers: only 1 is possible in this version"};
  }
  auto identity = peer::make_identity();
  if (!identity) {
    return identity.error();
  }
  auto sockets = open_sockets();
  if (!sockets) {
    return sockets.error();
  }
  describe();
  transport_.fingerprint = peer::fingerprint_digest(*identity);
  WorkerOptions worker;
  worker.shard.max_handshakes = options_.max_handshakes;
  worker.shard.max_bitrate = options_.max_bitrate;
  worker.tcp.max_connections = options_.max_tcp_connections;
  worker.tcp.max_per_address = options_.max_tcp_connections_per_address;
  if (auto started = data_.start(); !started) {
    return started;
  }
  worker_ = std::make_unique<Worker>(worker, *std::move(sockets), *std::move(identity), log_,
                                     metrics_, data_.inputs());
  if (auto watched = control_loop_.add(worker_->notices().fd(), EPOLLIN,
                                       [this](std::uint32_t) { take_notices(); });
      !watched) {
    data_.stop();
    worker_.reset();
    return watched.error();
  }
  observers_ = std::make_unique<ObserverThread>();
  thread_ = std::thread([this] { worker_->run(); });
  return {};
}

Result<Sockets> WorkerEngine::open_sockets() {
  auto advertised = advertised_addresses(options_.addresses, options_.nat);
  if (!advertised) {
    return advertised.error();
  }
  advertised_ = *std::move(advertised);
  auto binds = binds_for(options_.bind_addresses, advertised_.ours, options_.udp_port);
  if (!binds) {
    return binds.error();
  }
  binds_ = *std::move(binds);
  auto udp = UdpPort::open(binds_);
  if (!udp) {
    return udp.error();
  }
  udp_port_ = udp->port();
  const int wanted = net::UdpOptions().receive_buffer;
  if (udp->receive_buffer() < wanted) {
    log_.warn("media socket: receive buffer is {} bytes (wanted {}); raise net.core.rmem_max",
              udp->receive_buffer(), wanted);
  }
  Sockets sockets{*std::move(udp), {}};
  if (options_.tcp) {
    auto listeners = TcpPort::listen(binds_, options_.tcp_port);
    if (!listeners) {
      return listeners.error();
    }
    sockets.tcp = *std::move(listeners);
    tcp_port_ = sockets.tcp.front().local_address().port();
  }
  return sockets;
}

void WorkerEngine::describe() {
  transport_.candidates = candidates_for(advertised_.told, udp_port_, tcp_port_);
  for (const Address& bind : binds_) {
    log_.info("media listens on {}, udp port {}, tcp port {}", bind.ip(), udp_port_,
              tcp_port_ == 0 ? "none" : std::to_string(tcp_port_));
  }
}

void WorkerEngine::stop() {
  if (!worker_) {
    return;
  }
  worker_->stop();
  thread_.join();
  control_loop_.remove(worker_->notices().fd());
  data_.stop();
  worker_.reset();
  // Taps have ended with the worker: their observers hear it here, while modules still live.
  observers_.reset();
  peers_.clear();
}

bool WorkerEngine::post(Command command) {
  if (!worker_) {
    return false;
  }
  if (!worker_->post(std::move(command))) {
    log_.error("media worker does not answer: a command was dropped");
    return false;
  }
  return true;
}

Result<void> WorkerEngine::add_peer(PeerId peer, std::uint64_t /*placement*/, peer::Params params) {
  if (peers_.contains(peer)) {
    return Error{"peer id is in use"};
  }
  if (peers_.size() >= options_.max_peers) {
    return Error{"too many peers (" + std::to_string(options_.max_peers) + ")"};
  }
  if (const auto checked = peer::check_params(params); !checked) {
    return checked.error();
  }
  const std::uint32_t epoch = ++last_epoch_;
  data_.peer_changed(peer, epoch, params);
  if (!post(AddPeer{peer, epoch, std::move(params)})) {
    data_.peer_gone(peer);
    return Error{"the media worker is not running"};
  }
  peers_[peer] = epoch;
  return {};
}

void WorkerEngine::update_peer(PeerId peer, peer::Params params) {
  const auto found = peers_.find(peer);
  if (found == peers_.end()) {
    return;
  }
  if (const auto checked = peer::check_params(params); !checked) {
    log_.warn("peer {}: renegotiation ignored: {}", peer, checked.error().message);
    return;
  }
  data_.peer_changed(peer, found->second, params);
  post(UpdatePeer{peer, std::move(params)});
}

void WorkerEngine::remove_peer(PeerId peer) {
  if (peers_.erase(peer) != 0) {
    data_.peer_gone(peer);
    post(RemovePeer{peer});
  }
}

RouteId WorkerEngine::add_route(LineRef source, LineRef sink, const RouteSettings& settings) {
  if (!peers_.contains(source.peer) || !peers_.contains(sink.peer)) {
    return 0;
  }
  if (data_.has(source) || data_.has(sink)) {
    return data_.has(source) && data_.has(sink) ? data_.add_route(source, sink, settings) : 0;
  }
  const RouteId route = ++last_route_;
  return post(AddRoute{route, source, sink, settings}) ? route : 0;
}

void WorkerEngine::set_route(RouteId route, const RouteSettings& settings) {
  if (DataEngine::is_ours(route)) {
    return data_.set_route(route, settings);
  }
  post(SetRoute{route, settings});
}

void WorkerEngine::remove_route(RouteId route) {
  if (DataEngine::is_ours(route)) {
    return data_.remove_route(route);
  }
  post(RemoveRoute{route});
}

void WorkerEngine::set_source(LineRef source, const SourceSettings& settings) {
  post(SetSource{source, settings});
}

void WorkerEngine::request_keyframe(LineRef source) { post(RequestKeyframe{source}); }

DataSent WorkerEngine::send_data(PeerId peer, DataMessage message) {
  return data_.send(peer, std::move(message));
}

void WorkerEngine::query_peer(PeerId peer, std::function<void(std::optional<PeerStats>)> done) {
  if (!post(QueryPeer{peer, done})) {
    control_loop_.after(Duration::zero(), [done = std::move(done)] { done(std::nullopt); });
  }
}

void WorkerEngine::query_workers(std::function<void(std::vector<WorkerStats>)> done) {
  if (!post(QueryWorker{done})) {
    control_loop_.after(Duration::zero(), [done = std::move(done)] { done({}); });
  }
}

RouteId WorkerEngine::add_forward(LineRef source, const ForwardSettings& settings) {
  if (!peers_.contains(source.peer) || settings.to.port() == 0) {
    return 0;
  }
  if (const auto session = session_for(settings.keys); !session) {
    log_.warn("forward: {}", session.error().message);
    return 0;
  }
  const RouteId route = ++last_route_;
  return post(AddForward{route, source, settings}) ? route : 0;
}

Result<ReceiverPort> WorkerEngine::add_receiver(const ReceiverSettings& settings) {
  if (peers_.size() >= options_.max_peers) {
    return Error{"too many peers (" + std::to_string(options_.max_peers) + ")"};
  }
  if (const auto session = session_for(settings.keys); !session) {
    return session.error();
  }
  const std::string address = settings.address.empty() ? binds_.front().ip() : settings.address;
  const auto bind = Address::parse(address, settings.port);
  if (!bind) {
    return Error{"address \"" + address + "\": " + bind.error().message};
  }
  net::UdpOptions udp;
  udp.bind = *bind;
  auto socket = net::UdpSocket::open(udp);
  if (!socket) {
    return Error{"port " + bind->to_string() + ": " + socket.error().message};
  }
  const PeerId id = kFirstReceiver + ++last_receiver_;
  const std::uint16_t port = socket->local_address().port();
  const std::uint32_t epoch = ++last_epoch_;
  if (!post(
          AddReceiver{id, epoch, settings, std::make_shared<net::UdpSocket>(*std::move(socket))})) {
    return Error{"the media worker is not running"};
  }
  peers_[id] = epoch;
  return ReceiverPort{id, port};
}

void WorkerEngine::remove_receiver(PeerId receiver) {
  if (receiver > kFirstReceiver && peers_.erase(receiver) != 0) {
    post(RemoveReceiver{receiver});
  }
}

RouteId WorkerEngine::add_tap(LineRef source, const RouteSettings& settings,
                              std::shared_ptr<Observer> observer) {
  if (!peers_.contains(source.peer) || !worker_) {
    return 0;
  }
  auto queue = std::make_shared<ObserverQueue>(*observers_, std::move(observer), tap_dropped_);
  if (data_.has(source)) {
    return data_.add_tap(source, settings.paused, std::move(queue));
  }
  const RouteId route = ++last_route_;
  // A command that is refused ends the tap: the observer hears of it as of any other end.
  post(AddTap{route, source, settings, std::make_shared<Tap>(std::move(queue))});
  return route;
}

Result<void> WorkerEngine::start_dump(PeerId peer, const DumpSettings& settings) {
  std::erase_if(dumps_, [](const auto& each) { return each.second.expired(); });
  if (!peers_.contains(peer) || dumps_.contains(peer)) {
    return Error{dumps_.contains(peer) ? "a dump is being written" : "no connection to dump"};
  }
  auto file = DumpFile::open(settings, log_);
  if (!file) {
    return file.error();
  }
  auto queue = std::make_shared<ObserverQueue>(*observers_, *std::move(file), tap_dropped_);
  auto dump = std::make_shared<PeerDump>(std::move(queue));
  dumps_[peer] = dump;
  post(SetDump{peer, std::move(dump)});
  return {};
}

Result<void> WorkerEngine::stop_dump(PeerId peer) {
  if (dumps_.erase(peer) == 0) {
    return Error{"no dump is being written"};
  }
  post(SetDump{peer, nullptr});
  return {};
}

void WorkerEngine::take_notices() {
  for (const Notice& notice : worker_->notices().take_all()) {
    if (const auto* answer = std::get_if<Answer>(&notice.what)) {
      answer->deliver();
    } else {
      deliver(notice);
    }
    // The listener may have stopped us.
    if (!worker_) {
      return;
    }
  }
}

void WorkerEngine::deliver(const Notice& notice) {
  const auto found = peers_.find(notice.peer);
  if (found == peers_.end() || found->second != notice.epoch) {
    return;
  }
  if (const auto* path = std::get_if<PathUp>(&notice.what)) {
    listener_->path_up(notice.peer, path->remote);
  } else if (std::holds_alternative<PeerUp>(notice.what)) {
    listener_->peer_up(notice.peer);
  } else if (const auto* down = std::get_if<PeerDown>(&notice.what)) {
    peers_.erase(found);
    data_.peer_gone(notice.peer);
    listener_->peer_down(notice.peer, down->reason);
  } else if (const auto* flow = std::get_if<MediaFlow>(&notice.what)) {
    listener_->media_flow({notice.peer, flow->line}, flow->receiving);
  } else if (const auto* slow = std::get_if<SlowLink>(&notice.what)) {
    listener_->slow_link({notice.peer, slow->line}, slow->uplink, slow->lost);
  } else if (const auto* layer = std::get_if<LayerChanged>(&notice.what)) {
    listener_->layer_changed({notice.peer, layer->line}, layer->substream, layer->temporal);
  } else if (const auto* talk = std::get_if<Talking>(&notice.what)) {
    listener_->talking({notice.peer, talk->line}, talk->talks, talk->level);
  }
}

}  // namespace cardea::media
