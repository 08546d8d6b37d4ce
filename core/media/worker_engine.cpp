// Commands down, notices up.
#include "core/media/worker_engine.hpp"

#include <algorithm>
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
// A route's id ends with the number of its worker.
unsigned worker_of(RouteId route) {
  return static_cast<unsigned>(route & (WorkerEngine::kMaxWorkers - 1));
}

}  // namespace

WorkerEngine::WorkerEngine(WorkerEngineOptions options, log::Logger log, metrics::Registry& metrics,
                           net::EventLoop& control_loop)
    : options_(std::move(options)),
      log_(std::move(log)),
      metrics_(metrics),
      control_loop_(control_loop),
      tap_dropped_(metrics.counter("cardea_limit_hits_total", "Times that a bound was reached.",
                                   {{"limit", "tap_queue"}})),
      data_(log_, metrics, control_loop),
      placement_(std::max(options_.workers, 1U)) {}

WorkerEngine::~WorkerEngine() { stop(); }

bool WorkerEngine::post(unsigned worker, Command command) {
  if (worker >= workers_.size()) {
    return false;
  }
  if (!workers_[worker].worker->post(std::move(command))) {
    log_.error("media worker does not answer: a command was dropped");
    return false;
  }
  return true;
}

const WorkerEngine::Place* WorkerEngine::place_of(PeerId peer) const {
  const auto found = peers_.find(peer);
  return found == peers_.end() ? nullptr : &found->second;
}

WorkerEngine::Place& WorkerEngine::settle(PeerId peer, std::uint64_t placement) {
  const std::uint64_t key = placement == 0 ? peer : placement;
  Place& place = peers_[peer];
  place = {++last_epoch_, placement_.enter(key), key};
  return place;
}

bool WorkerEngine::forget(PeerId peer) {
  const auto found = peers_.find(peer);
  if (found == peers_.end()) {
    return false;
  }
  placement_.leave(found->second.key);
  peers_.erase(found);
  return true;
}

RouteId WorkerEngine::next_route(unsigned worker) { return ++last_route_ * kMaxWorkers + worker; }

Result<void> WorkerEngine::add_peer(PeerId peer, std::uint64_t placement, peer::Params params) {
  if (peers_.contains(peer)) {
    return Error{"peer id is in use"};
  }
  if (peers_.size() >= options_.max_peers) {
    return Error{"too many peers (" + std::to_string(options_.max_peers) + ")"};
  }
  if (const auto checked = peer::check_params(params); !checked) {
    return checked.error();
  }
  const Place place = settle(peer, placement);
  data_.peer_changed(peer, place.epoch, params);
  if (!post(place.worker, AddPeer{peer, place.epoch, std::move(params)})) {
    data_.peer_gone(peer);
    forget(peer);
    return Error{"the media worker is not running"};
  }
  return {};
}

void WorkerEngine::update_peer(PeerId peer, peer::Params params) {
  const Place* place = place_of(peer);
  if (place == nullptr) {
    return;
  }
  if (const auto checked = peer::check_params(params); !checked) {
    log_.warn("peer {}: renegotiation ignored: {}", peer, checked.error().message);
    return;
  }
  data_.peer_changed(peer, place->epoch, params);
  post(place->worker, UpdatePeer{peer, std::move(params)});
}

void WorkerEngine::remove_peer(PeerId peer) {
  if (const Place* place = place_of(peer)) {
    const unsigned worker = place->worker;
    forget(peer);
    data_.peer_gone(peer);
    post(worker, RemovePeer{peer});
  }
}

RouteId WorkerEngine::add_route(LineRef source, LineRef sink, const RouteSettings& settings) {
  const Place* from = place_of(source.peer);
  const Place* to = place_of(sink.peer);
  if (from == nullptr || to == nullptr) {
    return 0;
  }
  if (data_.has(source) || data_.has(sink)) {
    return data_.has(source) && data_.has(sink) ? data_.add_route(source, sink, settings) : 0;
  }
  if (from->worker != to->worker) {
    log_.error("no route from peer {} to {}: they were placed apart", source.peer, sink.peer);
    return 0;
  }
  const RouteId route = next_route(from->worker);
  return post(from->worker, AddRoute{route, source, sink, settings}) ? route : 0;
}

void WorkerEngine::set_route(RouteId route, const RouteSettings& settings) {
  if (DataEngine::is_ours(route)) {
    return data_.set_route(route, settings);
  }
  post(worker_of(route), SetRoute{route, settings});
}

void WorkerEngine::remove_route(RouteId route) {
  if (DataEngine::is_ours(route)) {
    return data_.remove_route(route);
  }
  post(worker_of(route), RemoveRoute{route});
}

void WorkerEngine::set_source(LineRef source, const SourceSettings& settings) {
  if (const Place* place = place_of(source.peer)) {
    post(place->worker, SetSource{source, settings});
  }
}

void WorkerEngine::request_keyframe(LineRef source) {
  if (const Place* place = place_of(source.peer)) {
    post(place->worker, RequestKeyframe{source});
  }
}

DataSent WorkerEngine::send_data(PeerId peer, DataMessage message) {
  return data_.send(peer, std::move(message));
}

void WorkerEngine::query_peer(PeerId peer, std::function<void(std::optional<PeerStats>)> done) {
  const Place* place = place_of(peer);
  if (place == nullptr || !post(place->worker, QueryPeer{peer, done})) {
    control_loop_.after(Duration::zero(), [done = std::move(done)] { done(std::nullopt); });
  }
}

void WorkerEngine::query_workers(std::function<void(std::vector<WorkerStats>)> done) {
  struct Gathered {
    std::vector<WorkerStats> all;
    std::size_t missing = 0;
    std::function<void(std::vector<WorkerStats>)> done;
  };
  const auto gathered = std::make_shared<Gathered>();
  gathered->done = std::move(done);
  // On control, as each answers.
  const auto take = [gathered](std::vector<WorkerStats> some) {
    gathered->all.insert(gathered->all.end(), some.begin(), some.end());
    if (--gathered->missing == 0) {
      gathered->done(gathered->all);
    }
  };
  gathered->missing = workers_.size() + 1;
  for (unsigned worker = 0; worker < workers_.size(); ++worker) {
    if (!post(worker, QueryWorker{take})) {
      --gathered->missing;
    }
  }
  control_loop_.after(Duration::zero(), [take] { take({}); });
}

RouteId WorkerEngine::add_forward(LineRef source, const ForwardSettings& settings) {
  const Place* place = place_of(source.peer);
  if (place == nullptr || settings.to.port() == 0) {
    return 0;
  }
  if (const auto session = session_for(settings.keys); !session) {
    log_.warn("forward: {}", session.error().message);
    return 0;
  }
  const RouteId route = next_route(place->worker);
  return post(place->worker, AddForward{route, source, settings}) ? route : 0;
}

Result<ReceiverPort> WorkerEngine::add_receiver(const ReceiverSettings& settings) {
  if (peers_.size() >= options_.max_peers) {
    return Error{"too many peers (" + std::to_string(options_.max_peers) + ")"};
  }
  if (const auto session = session_for(settings.keys); !session) {
    return session.error();
  }
  const std::string address = settings.address.empty() ? receivers_bind_ : settings.address;
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
  const Place place = settle(id, settings.placement);
  if (!post(place.worker, AddReceiver{id, place.epoch, settings,
                                      std::make_shared<net::UdpSocket>(*std::move(socket))})) {
    forget(id);
    return Error{"the media worker is not running"};
  }
  return ReceiverPort{id, port};
}

void WorkerEngine::remove_receiver(PeerId receiver) {
  const Place* place = receiver > kFirstReceiver ? place_of(receiver) : nullptr;
  if (place != nullptr) {
    const unsigned worker = place->worker;
    forget(receiver);
    post(worker, RemoveReceiver{receiver});
  }
}

RouteId WorkerEngine::add_tap(LineRef source, const RouteSettings& settings,
                              std::shared_ptr<Observer> observer) {
  const Place* place = place_of(source.peer);
  if (place == nullptr || workers_.empty()) {
    return 0;
  }
  auto queue = std::make_shared<ObserverQueue>(*observers_, std::move(observer), tap_dropped_);
  if (data_.has(source)) {
    return data_.add_tap(source, settings.paused, std::move(queue));
  }
  const RouteId route = next_route(place->worker);
  // A command that is refused ends the tap: the observer hears of it as of any other end.
  post(place->worker, AddTap{route, source, settings, std::make_shared<Tap>(std::move(queue))});
  return route;
}

Result<void> WorkerEngine::start_dump(PeerId peer, const DumpSettings& settings) {
  std::erase_if(dumps_, [](const auto& each) { return each.second.expired(); });
  const Place* place = place_of(peer);
  if (place == nullptr || dumps_.contains(peer)) {
    return Error{dumps_.contains(peer) ? "a dump is being written" : "no connection to dump"};
  }
  auto file = DumpFile::open(settings, log_);
  if (!file) {
    return file.error();
  }
  auto queue = std::make_shared<ObserverQueue>(*observers_, *std::move(file), tap_dropped_);
  auto dump = std::make_shared<PeerDump>(std::move(queue));
  dumps_[peer] = dump;
  post(place->worker, SetDump{peer, std::move(dump)});
  return {};
}

Result<void> WorkerEngine::stop_dump(PeerId peer) {
  if (dumps_.erase(peer) == 0) {
    return Error{"no dump is being written"};
  }
  if (const Place* place = place_of(peer)) {
    post(place->worker, SetDump{peer, nullptr});
  }
  return {};
}

void WorkerEngine::take_notices(Worker& worker) {
  for (const Notice& notice : worker.notices().take_all()) {
    if (const auto* answer = std::get_if<Answer>(&notice.what)) {
      answer->deliver();
    } else {
      deliver(notice);
    }
    // The listener may have stopped us.
    if (workers_.empty()) {
      return;
    }
  }
}

void WorkerEngine::deliver(const Notice& notice) {
  const auto found = peers_.find(notice.peer);
  if (found == peers_.end() || found->second.epoch != notice.epoch) {
    return;
  }
  if (const auto* path = std::get_if<PathUp>(&notice.what)) {
    listener_->path_up(notice.peer, path->remote);
  } else if (std::holds_alternative<PeerUp>(notice.what)) {
    listener_->peer_up(notice.peer);
  } else if (const auto* down = std::get_if<PeerDown>(&notice.what)) {
    forget(notice.peer);
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
