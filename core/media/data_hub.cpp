#include "core/media/data_hub.hpp"

#include <utility>

namespace cardea::media {

DataHub::~DataHub() { links_.clear(); }

void DataHub::take(DataInput input) {
  std::visit([this](auto& value) { on(value); }, input);
}

DataLink* DataHub::find(PeerId peer) {
  const auto found = links_.find(peer);
  return found == links_.end() ? nullptr : found->second.get();
}

DataLink* DataHub::find(PeerId peer, std::uint32_t epoch) {
  DataLink* link = find(peer);
  return link != nullptr && link->epoch() == epoch ? link : nullptr;
}

void DataHub::on(DataUp& up) {
  auto link = DataLink::create(stack_, up, *this, counters_, limits_);
  if (!link) {
    log_.error("peer {}: no data channels: {}", up.line.peer, link.error().message);
    return;
  }
  links_[up.line.peer] = *std::move(link);
}

void DataHub::on(DataDown& down) {
  if (find(down.peer, down.epoch) != nullptr) {
    links_.erase(down.peer);
  }
}

void DataHub::on(PeerPackets& packets) {
  if (DataLink* link = find(packets.peer, packets.epoch)) {
    link->receive(std::move(packets.packets));
  }
}

void DataHub::on(SetRoute& command) {
  routes_.set(command);
  taps_.set(command);
}

void DataHub::on(RemoveRoute& command) {
  routes_.remove(command.route);
  taps_.remove(command.route);
}

void DataHub::on(RemovePeer& command) {
  routes_.remove_peer(command.peer);
  taps_.remove_peer(command.peer);
}

void DataHub::on(SendData& send) {
  DataLink* link = find(send.peer, send.epoch);
  DataMessage& message = send.message;
  if (link != nullptr) {
    link->enqueue({{std::move(message.label), std::move(message.protocol), {}},
                   message.binary,
                   true,
                   std::make_shared<const std::string>(std::move(message.payload))});
  }
}

void DataHub::on(DataTaken& taken) {
  if (DataLink* link = find(taken.peer, taken.epoch)) {
    link->taken_by_control(taken.messages, taken.cost);
  }
}

void DataHub::link_down(DataLink& link) {
  notice(link, ChannelsDown{});
  ended_.push_back(link.peer());
}

void DataHub::link_message(DataLink& link, const sctp::ChannelInfo& channel, bool binary,
                           std::string payload) {
  taps_.observe(link.peer(), payload, now_);
  const auto* routes = routes_.from(link.peer());
  if (routes == nullptr) {
    link.delivered_to_control(cost_of(payload));
    return notice(link, DataArrived{{channel.label, channel.protocol, binary, std::move(payload)}});
  }
  const auto shared = std::make_shared<const std::string>(std::move(payload));
  for (const DataRoutes::Route& route : *routes) {
    DataLink* sink = route.paused ? nullptr : find(route.sink);
    if (sink != nullptr) {
      sink->enqueue({channel, binary, false, shared});
    }
  }
}

bool DataHub::turn(Time now) {
  now_ = now;
  stack_.advance(now);
  std::vector<PeerId> again;
  for (const PeerId peer : std::exchange(waiting_, {})) {
    DataLink* link = find(peer);
    if (link != nullptr && link->turn()) {
      again.push_back(peer);
    }
  }
  for (const PeerId peer : std::exchange(ended_, {})) {
    links_.erase(peer);
  }
  waiting_.insert(waiting_.end(), again.begin(), again.end());
  return !waiting_.empty();
}

Time DataHub::next_deadline(Time now) const {
  if (!waiting_.empty()) {
    return now;
  }
  return links_.empty() ? Time::max() : now + sctp::Stack::kTick;
}

std::size_t DataHub::channels() const {
  std::size_t total = 0;
  for (const auto& [peer, link] : links_) {
    total += link->channels();
  }
  return total;
}

}  // namespace cardea::media
