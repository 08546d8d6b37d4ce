// The hinge of a packet's walk: everything is dispatched here.
#include "core/media/shard.hpp"

#include <algorithm>
#include <utility>

#include "core/media/data_port.hpp"
#include "core/media/shard_receiver.hpp"
#include "core/peer/classify.hpp"

namespace cardea::media {

struct PeerEntry final : DeadlineHeap::Item, peer::Listener {
  PeerEntry(Shard& shard_in, const AddPeer& command, Time now)
      : shard(shard_in),
        id(command.peer),
        epoch(command.epoch),
        params(command.params),
        data(command.peer, command.epoch, shard_in.data_inputs_),
        peer(command.params,
             {shard.identity_, shard.arena_, shard.counters_, *this, shard.options_.max_bitrate},
             now) {}

  bool path_checked(const Path& from) override {
    const bool ours = shard.demux_.claim(from, *this, shard.now_);
    if (ours && shard.owner_ != nullptr) {
      shard.owner_->path_claimed(from);
    }
    if (ours && !path_told) {
      path_told = true;
      notice(PathUp{from.remote});
    }
    return ours;
  }
  void path_dropped(const Path& from) override { shard.release(from, *this); }
  void connected() override {
    notice(PeerUp{});
    data.sync(params, true);
    shard.router_.peer_connected(*member, shard.now_);
  }
  void ended(std::string_view reason) override {
    shard.ended_.push_back(id);
    notice(PeerDown{std::string(reason)});
  }
  void application_data(std::vector<std::vector<std::uint8_t>> packets) override {
    data.receive(std::move(packets));
  }
  void keyframe_wanted(std::uint32_t line) override {
    shard.router_.sink_wants_keyframe(*member, line, shard.now_);
  }
  void keyframe_needed(std::uint32_t line, std::uint8_t layer) override {
    shard.router_.layer_needs_keyframe(*member, line, layer, shard.now_);
  }
  void media_flow(std::uint32_t line, bool receiving) override {
    notice(MediaFlow{line, receiving});
  }
  void slow_link(std::uint32_t line, bool uplink, std::uint32_t lost) override {
    notice(SlowLink{line, uplink, lost});
  }
  template <typename What>
  void notice(What what) {
    shard.notices_.push_back({id, epoch, std::move(what)});
  }

  Shard& shard;
  PeerId id;
  std::uint32_t epoch;
  peer::Params params;
  DataPort data;
  peer::Peer peer;
  Router::Member* member = nullptr;
  bool handshaking = false;
  bool path_told = false;
  std::vector<std::string> ufrags;
};

Shard::Shard(const ShardOptions& options, peer::Identity identity, const PacketPool& pool,
             peer::SendArena::Flush send, peer::SendArena::Flush send_plain)
    : options_(options),
      identity_(std::move(identity)),
      arena_(options.arena_bytes, options.arena_runs,
             [this, send = std::move(send)](std::span<const peer::SendRun> runs) {
               counters_.send_runs += runs.size();
               send(runs);
             }),
      plain_arena_(options.plain_arena_bytes, options.arena_runs, std::move(send_plain)),
      router_(pool, counters_, *this) {}

Shard::~Shard() {
  while (!peers_.empty()) {
    erase(peers_.begin()->first);
  }
  clear_receivers();
}

void Shard::apply(Command& command, Time now) {
  now_ = now;
  std::visit([&](auto& value) { on(value, now); }, command);
  reap();
  flush();
}

void Shard::on(AddPeer& command, Time now) {
  if (peers_.contains(command.peer)) {
    return;
  }
  auto entry = std::make_unique<PeerEntry>(*this, command, now);
  entry->member = &router_.add_peer(command.peer, entry->peer);
  sync_ufrags(*entry);
  follow(*entry);
  peers_.emplace(command.peer, std::move(entry));
}

void Shard::on(UpdatePeer& command, Time now) {
  const auto found = peers_.find(command.peer);
  if (found == peers_.end()) {
    return;
  }
  PeerEntry& entry = *found->second;
  entry.peer.update(command.params);
  entry.params = std::move(command.params);
  entry.data.sync(entry.params, entry.peer.state() == peer::Peer::State::Connected);
  sync_ufrags(entry);
  router_.peer_updated(*entry.member, now);
  if (!entry.peer.hears_of_arrivals()) {
    entry.peer.congestion() = peer::Congestion();
    router_.uncap(*entry.member, now);
  }
  follow(entry);
}

void Shard::on(RemovePeer& command, Time /*now*/) {
  const auto found = peers_.find(command.peer);
  if (found != peers_.end()) {
    found->second->peer.close();
    erase(command.peer);
  }
}

void Shard::on(AddRoute& command, Time now) {
  router_.add_route(command.route, command.source, command.sink, command.settings, now);
}

void Shard::on(SetRoute& command, Time now) {
  router_.set_route(command.route, command.settings, now);
}

void Shard::on(RemoveRoute& command, Time /*now*/) { router_.remove_route(command.route); }

void Shard::on(SetSource& command, Time now) {
  router_.set_source(command.source, command.settings, now);
  const auto found = peers_.find(command.source.peer);
  if (found != peers_.end()) {
    follow(*found->second);
  }
}

void Shard::on(RequestKeyframe& command, Time now) {
  router_.request_keyframe(command.source, now);
}

void Shard::on(AddTap& command, Time now) {
  router_.add_outlet(command.route, command.source, command.settings, std::move(command.tap), now);
}

template <typename What>
void Shard::notice_of(PeerId peer, What what) {
  const auto found = peers_.find(peer);
  if (found != peers_.end()) {
    found->second->notice(std::move(what));
  }
}

void Shard::layer_changed(LineRef sink, const LayerState& state) {
  notice_of(sink.peer, LayerChanged{sink.line, state.substream, state.temporal});
}

void Shard::talking(LineRef source, bool talks, double level) {
  notice_of(source.peer, Talking{source.line, talks, level});
}

void Shard::starved(LineRef sink) { notice_of(sink.peer, SlowLink{sink.line, false, 0}); }

// The link of a viewer that does not tell what arrives is taken for wide enough.
void Shard::divide(PeerEntry& entry) {
  peer::Congestion& congestion = entry.peer.congestion();
  if (congestion.take_woken()) {
    router_.wake(*entry.member, now_);
  }
  if (congestion.known() && !congestion.silent(now_) &&
      Router::allocation_due(*entry.member, now_)) {
    congestion.set_wanted(router_.allocate(*entry.member, congestion.estimate(), now_));
  }
}

void Shard::flush() {
  arena_.flush();
  plain_arena_.flush();
}

void Shard::on(SetDump& command, Time /*now*/) {
  const auto found = peers_.find(command.peer);
  if (found != peers_.end()) {
    if (command.dump) {
      command.dump->set_clock(now_);
    }
    found->second->peer.set_dump(std::move(command.dump));
  }
}

void Shard::on(QueryPeer& command, Time now) {
  const auto found = peers_.find(command.peer);
  auto stats = found == peers_.end() ? std::optional<PeerStats>() : found->second->peer.stats(now);
  notices_.push_back({0, 0, Answer{[done = std::move(command.done), stats] { done(stats); }}});
}

void Shard::on(QueryWorker& command, Time /*now*/) {
  WorkerStats stats;
  stats.peers = peers_.size();
  stats.routes = router_.routes();
  for (const auto& [id, entry] : peers_) {
    stats.peer_ids.push_back(id);
  }
  notices_.push_back({0, 0, Answer{[done = std::move(command.done), stats] { done({stats}); }}});
}

void Shard::release(const Path& path, const PeerEntry& entry) {
  demux_.release(path, entry);
  if (owner_ != nullptr) {
    owner_->path_released(path);
  }
}

void Shard::remove_ufrag(const std::string& ufrag, const PeerEntry& entry) {
  demux_.remove_ufrag(ufrag, entry);
  if (owner_ != nullptr) {
    owner_->ufrag_removed(ufrag);
  }
}

void Shard::stream_closed(const Path& path, Time now) {
  now_ = now;
  if (PeerEntry* entry = demux_.owner(path)) {
    demux_.release(path, *entry);
    entry->peer.lose_path(path);
  }
}

void Shard::sync_ufrags(PeerEntry& entry) {
  const std::vector<std::string> current = entry.peer.ufrags();
  for (const std::string& old : entry.ufrags) {
    if (std::find(current.begin(), current.end(), old) == current.end()) {
      remove_ufrag(old, entry);
    }
  }
  for (const std::string& ufrag : current) {
    demux_.add_ufrag(ufrag, entry);
    if (owner_ != nullptr) {
      owner_->ufrag_added(ufrag);
    }
  }
  entry.ufrags = current;
}

void Shard::receive(std::span<const Datagram> batch, Time now) {
  now_ = now;
  for (const Datagram& datagram : batch) {
    receive_one(datagram, now);
  }
  router_.flush(now);
  reap();
  flush();
}

void Shard::receive_one(const Datagram& datagram, Time now) {
  const MutableBytes bytes = datagram.bytes();
  const peer::Protocol protocol = peer::classify(bytes);
  PeerEntry* entry =
      protocol == peer::Protocol::Unknown ? nullptr : demux_.find(bytes, datagram.from);
  if (entry == nullptr && owner_ != nullptr && owner_->stray(datagram)) {
    return;
  }
  ++counters_.packets_in;
  counters_.bytes_in += bytes.size();
  if (protocol == peer::Protocol::Unknown) {
    return counters_.drop(peer::Drop::NotWebrtc);
  }
  if (entry == nullptr) {
    return counters_.drop(protocol == peer::Protocol::Stun ? peer::Drop::StunUnknownUser
                                                           : peer::Drop::UnknownPeer);
  }
  if (entry->peer.state() == peer::Peer::State::Waiting && handshakes_ >= options_.max_handshakes) {
    return counters_.drop(peer::Drop::HandshakeCap);
  }
  const auto media = entry->peer.receive(bytes, datagram.from, now);
  if (protocol == peer::Protocol::Stun && entry->peer.generations() != entry->ufrags.size()) {
    sync_ufrags(*entry);
  }
  if (media) {
    router_.receive(*entry->member, *media, datagram.buffer, now);
  }
  follow(*entry);
}

void Shard::follow(PeerEntry& entry) {
  divide(entry);
  const bool handshaking = entry.peer.state() == peer::Peer::State::Handshaking;
  if (handshaking != entry.handshaking) {
    entry.handshaking = handshaking;
    handshakes_ += handshaking ? 1 : static_cast<std::size_t>(-1);
  }
  deadlines_.set(entry, entry.peer.next_deadline());
}

void Shard::send_data(std::span<const PeerPackets> packets, Time now) {
  now_ = now;
  for (const PeerPackets& each : packets) {
    const auto found = peers_.find(each.peer);
    if (found == peers_.end() || found->second->epoch != each.epoch) {
      continue;
    }
    for (const auto& packet : each.packets) {
      found->second->peer.send_application_data(packet);
    }
  }
  arena_.flush();
}

void Shard::poll(Time now) {
  now_ = now;
  while (DeadlineHeap::Item* item = deadlines_.due(now)) {
    auto& entry = static_cast<PeerEntry&>(*item);
    entry.peer.poll(now);
    follow(entry);
    if (entry.deadline() <= now) {
      // Never twice in one turn, whatever a peer says.
      deadlines_.set(entry, now + Duration(1));
    }
  }
  poll_receivers(now);
  router_.poll(now);
  reap();
  flush();
}

Time Shard::next_deadline() const {
  return std::min({deadlines_.next(), receiver_deadlines_.next(), router_.next_deadline()});
}

void Shard::close_all() {
  for (const auto& [id, entry] : peers_) {
    entry->peer.close();
  }
  arena_.flush();
  while (!peers_.empty()) {
    erase(peers_.begin()->first);
  }
}

void Shard::reap() {
  for (const PeerId id : std::exchange(ended_, {})) {
    erase(id);
  }
}

void Shard::erase(PeerId id) {
  const auto found = peers_.find(id);
  if (found == peers_.end()) {
    return;
  }
  PeerEntry& entry = *found->second;
  router_.remove_peer(id);
  for (const Path& path : entry.peer.paths()) {
    release(path, entry);
  }
  for (const std::string& ufrag : entry.ufrags) {
    remove_ufrag(ufrag, entry);
  }
  deadlines_.remove(entry);
  if (entry.handshaking) {
    --handshakes_;
  }
  peers_.erase(found);
}

}  // namespace cardea::media
