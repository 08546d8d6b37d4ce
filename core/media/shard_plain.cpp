// The shard's part outside WebRTC: forwards and receivers of plain RTP.
#include "core/media/shard.hpp"
#include "core/media/shard_receiver.hpp"

namespace cardea::media {

void Shard::on(AddForward& command, Time now) {
  auto end = ForwardEnd::create(command.settings, plain_arena_, counters_);
  if (!end) {
    return;  // Engine has checked the settings: only OpenSSL can have refused.
  }
  if (!(*end)->rtcp().empty()) {
    std::erase_if(forwards_, [](const ForwardRtcp& forward) { return forward.end.expired(); });
    forwards_.push_back({command.route, *end});
    (*end)->open_rtcp();
  }
  RouteSettings settings;
  settings.substream = command.settings.simulcast ? -1 : command.settings.substream;
  settings.exact = !command.settings.simulcast;
  router_.add_outlet(command.route, command.source, settings, *end, now);
}

void Shard::receive_plain(MutableBytes datagram, const Address& from, Time now) {
  now_ = now;
  // Many may have their RTCP come from one place: the SSRC says which is meant. One that nobody
  // sends means all of them.
  std::vector<RouteId> named;
  std::vector<RouteId> others;
  for (const ForwardRtcp& forward : forwards_) {
    const auto end = forward.end.lock();
    if (end && end->rtcp() == from) {
      std::vector<std::uint8_t> own(datagram.begin(), datagram.end());
      const auto wish = end->keyframe_wish(own);
      if (wish != ForwardEnd::Wish::None) {
        (wish == ForwardEnd::Wish::Own ? named : others).push_back(forward.route);
      }
    }
  }
  for (const RouteId route : named.empty() ? others : named) {
    router_.route_wants_keyframe(route, now);
  }
  flush();
}

void Shard::on(AddReceiver& command, Time /*now*/) {
  const PeerId id = command.receiver;
  auto entry = std::make_unique<ReceiverEntry>(*this, id, command.epoch);
  auto made = PlainReceiver::create(command.settings, plain_arena_, counters_, *entry,
                                    [this, id](const Address& to, Bytes datagram) {
                                      if (send_from_) {
                                        send_from_(id, to, datagram);
                                      }
                                    });
  if (!made) {
    return;  // Engine has checked the settings: only OpenSSL can have refused.
  }
  entry->receiver = *std::move(made);
  entry->member = &router_.add_peer(id, *entry->receiver);
  receivers_[id] = std::move(entry);
}

void Shard::on(RemoveReceiver& command, Time /*now*/) {
  const auto found = receivers_.find(command.receiver);
  if (found == receivers_.end()) {
    return;
  }
  router_.remove_peer(command.receiver);
  receiver_deadlines_.remove(*found->second);
  receivers_.erase(found);
}

void Shard::receive_for(PeerId receiver, std::span<const Datagram> batch, Time now) {
  now_ = now;
  const auto found = receivers_.find(receiver);
  if (found == receivers_.end()) {
    return;
  }
  ReceiverEntry& entry = *found->second;
  for (const Datagram& datagram : batch) {
    ++counters_.packets_in;
    counters_.bytes_in += datagram.size;
    if (const auto media = entry.receiver->receive(datagram.bytes(), datagram.from.remote, now)) {
      router_.receive(*entry.member, *media, datagram.buffer, now);
    }
  }
  receiver_deadlines_.set(entry, entry.receiver->next_deadline());
  router_.flush(now);
  flush();
}

void Shard::poll_receivers(Time now) {
  while (DeadlineHeap::Item* item = receiver_deadlines_.due(now)) {
    auto& entry = static_cast<ReceiverEntry&>(*item);
    entry.receiver->poll(now);
    receiver_deadlines_.set(entry, entry.receiver->next_deadline());
  }
}

void Shard::clear_receivers() {
  while (!receivers_.empty()) {
    RemoveReceiver remove{receivers_.begin()->first};
    on(remove, now_);
  }
}

}  // namespace cardea::media
