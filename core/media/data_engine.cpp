#include "core/media/data_engine.hpp"

#include <map>
#include <utility>
#include <variant>

#include "core/media/data_port.hpp"

namespace cardea::media {

Result<void> DataEngine::start() {
  worker_ = std::make_unique<DataWorker>(log_, metrics_);
  if (auto watched =
          loop_.add(worker_->notices().fd(), EPOLLIN, [this](std::uint32_t) { take_notices(); });
      !watched) {
    worker_.reset();
    return watched.error();
  }
  thread_ = std::thread([this] { worker_->run(); });
  return {};
}

void DataEngine::stop() {
  if (!worker_) {
    return;
  }
  worker_->stop();
  thread_.join();
  loop_.remove(worker_->notices().fd());
  worker_.reset();
  peers_.clear();
}

void DataEngine::post(DataInput input) {
  if (worker_) {
    // Bounded by what control may have queued; nothing of it may get lost.
    worker_->inputs().post(std::move(input), true);
  }
}

void DataEngine::peer_changed(PeerId peer, std::uint32_t epoch, const peer::Params& params) {
  const auto line = DataPort::data_line(params);
  const auto found = peers_.find(peer);
  if (!line) {
    if (found != peers_.end()) {
      peer_gone(peer);
    }
  } else if (found == peers_.end()) {
    const std::uint64_t largest = params.lines[*line].remote_max_message;
    peers_.emplace(peer, Entry{epoch, *line,
                               DataCredit(static_cast<std::size_t>(
                                   std::min<std::uint64_t>(largest, sctp::kMaxMessage)))});
  }
}

void DataEngine::peer_gone(PeerId peer) {
  if (peers_.erase(peer) != 0) {
    post(RemovePeer{peer});
  }
}

bool DataEngine::has(LineRef line) const {
  const auto found = peers_.find(line.peer);
  return found != peers_.end() && found->second.line == line.line;
}

RouteId DataEngine::add_route(LineRef source, LineRef sink, const RouteSettings& settings) {
  if (!worker_) {
    return 0;
  }
  const RouteId route = kDataRoute | ++last_route_;
  post(AddRoute{route, source, sink, settings});
  return route;
}

void DataEngine::set_route(RouteId route, const RouteSettings& settings) {
  post(SetRoute{route, settings});
}

void DataEngine::remove_route(RouteId route) { post(RemoveRoute{route}); }

RouteId DataEngine::add_tap(LineRef source, bool paused, std::shared_ptr<ObserverQueue> queue) {
  const RouteId route = kDataRoute | ++last_route_;
  post(AddDataTap{route, source.peer, paused, std::make_shared<DataTap>(std::move(queue))});
  return route;
}

DataSent DataEngine::send(PeerId peer, DataMessage message) {
  const auto found = peers_.find(peer);
  if (found == peers_.end() || !worker_) {
    return DataSent::NoChannel;
  }
  const DataSent sent = found->second.credit.spend(message);
  if (sent == DataSent::Queued) {
    post(SendData{peer, found->second.epoch, std::move(message)});
  }
  return sent;
}

void DataEngine::take_notices() {
  std::map<PeerId, DataTaken> taken;
  for (const DataNotice& notice : worker_->notices().take_all()) {
    if (const auto* arrived = std::get_if<DataArrived>(&notice.what)) {
      DataTaken& of_peer = taken[notice.peer];
      of_peer.peer = notice.peer;
      of_peer.epoch = notice.epoch;
      ++of_peer.messages;
      of_peer.cost += cost_of(arrived->message.payload);
    }
    deliver(notice);
    // The listener may have stopped us.
    if (!worker_) {
      return;
    }
  }
  for (const auto& [peer, of_peer] : taken) {
    post(of_peer);
  }
}

void DataEngine::deliver(const DataNotice& notice) {
  const auto found = peers_.find(notice.peer);
  if (found == peers_.end() || found->second.epoch != notice.epoch) {
    return;
  }
  const LineRef line{notice.peer, found->second.line};
  DataCredit& credit = found->second.credit;
  if (std::holds_alternative<ChannelsUp>(notice.what)) {
    credit.up();
    listener_->data_up(line);
  } else if (std::holds_alternative<ChannelsDown>(notice.what)) {
    credit.down();
  } else if (const auto* sent = std::get_if<DataSentOn>(&notice.what)) {
    if (credit.sent_on(sent->bytes)) {
      listener_->data_room(line);
    }
  } else if (const auto* arrived = std::get_if<DataArrived>(&notice.what)) {
    listener_->data_message(notice.peer, arrived->message);
  }
}

}  // namespace cardea::media
