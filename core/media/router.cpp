// Step 8 of a packet's walk, and the book of routes.
#include "core/media/router.hpp"

#include <algorithm>

#include "core/base/prefetch.hpp"

namespace cardea::media {
namespace {

// Buffers that the caches must leave for receiving.
constexpr std::size_t kPoolReserve = 256;
// The remote has no keys before our last handshake message, which media must not overtake.
constexpr Duration kSettle = std::chrono::milliseconds(20);

}  // namespace

Router::Member& Router::add_peer(PeerId id, peer::MediaEnd& peer) {
  Member& member = members_[id];
  member.id = id;
  member.peer = &peer;
  grow(member);
  return member;
}

void Router::grow(Member& member) {
  while (member.sources.size() < member.peer->lines()) {
    const auto line = static_cast<std::uint32_t>(member.sources.size());
    member.sources.emplace_back(*member.peer, LineRef{member.id, line});
  }
  member.by_sink.resize(std::max(member.by_sink.size(), member.peer->lines()), nullptr);
}

void Router::peer_updated(Member& member, Time now) {
  grow(member);
  for (Source& source : member.sources) {
    for (Route* route : source.routes) {
      bind(*route, now);
    }
  }
  for (Route* route : member.by_sink) {
    if (route != nullptr) {
      bind(*route, now);
    }
  }
}

void Router::peer_connected(Member& member, Time now) {
  for (Route* route : member.by_sink) {
    if (route == nullptr) {
      continue;
    }
    route->restart();
    if (Source* from = source(route->source_ref())) {
      ask_for_waiting(*from, now);
    }
    if (Replay* replay = route->replay()) {
      replay->due = now + kSettle;
    }
  }
}

void Router::remove_peer(PeerId id) {
  Member* member = find(id);
  if (member == nullptr) {
    return;
  }
  for (Source& source : member->sources) {
    while (!source.routes.empty()) {
      remove_route(source.routes.back()->id());
    }
    deadlines_.remove(source);
    std::erase(dirty_, &source);
  }
  const std::vector<Route*> sinks = member->by_sink;
  for (const Route* route : sinks) {
    if (route != nullptr) {
      remove_route(route->id());
    }
  }
  members_.erase(id);
}

Router::Member* Router::find(PeerId id) {
  const auto found = members_.find(id);
  return found == members_.end() ? nullptr : &found->second;
}

Source* Router::source(LineRef ref) {
  Member* member = find(ref.peer);
  return member != nullptr && ref.line < member->sources.size() ? &member->sources[ref.line]
                                                                : nullptr;
}

void Router::add_route(RouteId id, LineRef source_ref, LineRef sink_ref,
                       const RouteSettings& settings, Time now) {
  Source* from = source(source_ref);
  Member* to = find(sink_ref.peer);
  if (from == nullptr || to == nullptr || sink_ref.line >= to->by_sink.size()) {
    return;
  }
  if (const Route* old = to->by_sink[sink_ref.line]) {
    remove_route(old->id());
  }
  auto route = std::make_unique<Route>(id, source_ref, sink_ref, settings);
  route->set_available(from->available);
  shed(*route, shed_share_);
  to->by_sink[sink_ref.line] = route.get();
  from->routes.push_back(route.get());
  bind(*route, now);
  routes_[id] = std::move(route);
}

void Router::add_outlet(RouteId id, LineRef source_ref, const RouteSettings& settings,
                        std::shared_ptr<peer::PacketSink> outlet, Time now) {
  Source* from = source(source_ref);
  if (from == nullptr) {
    return;
  }
  auto route = std::make_unique<Route>(id, source_ref, LineRef(), settings);
  route->set_outlet(std::move(outlet));
  route->set_available(from->available);
  from->routes.push_back(route.get());
  bind(*route, now);
  routes_[id] = std::move(route);
}

void Router::bind(Route& route, Time now) {
  Source* from = source(route.source_ref());
  Member* to = find(route.sink_ref().peer);
  if (from == nullptr || (to == nullptr && route.outlet() == nullptr)) {
    return;
  }
  route.bind(*from, to == nullptr ? route.outlet() : to->peer->packet_sink(route.sink_ref().line));
  ask_for_waiting(*from, now);
}

void Router::set_route(RouteId id, const RouteSettings& settings, Time now) {
  const auto found = routes_.find(id);
  if (found == routes_.end()) {
    return;
  }
  found->second->set(settings);
  if (Source* from = source(found->second->source_ref())) {
    ask_for_waiting(*from, now);
  }
}

void Router::remove_route(RouteId id) {
  const auto found = routes_.find(id);
  if (found == routes_.end()) {
    return;
  }
  detach(*found->second);
  routes_.erase(found);
}

void Router::detach(Route& route) {
  route.unbind();
  std::erase(replays_, &route);
  if (Source* from = source(route.source_ref())) {
    std::erase(from->routes, &route);
  }
  Member* to = find(route.sink_ref().peer);
  if (to != nullptr && to->by_sink[route.sink_ref().line] == &route) {
    to->by_sink[route.sink_ref().line] = nullptr;
  }
}

void Router::receive(Member& member, const peer::SourcePacket& packet, const PacketRef& buffer,
                     Time now) {
  if (packet.line >= member.sources.size()) {
    return;
  }
  Source& from = member.sources[packet.line];
  if (!admits(member, from, packet.packet, now)) {
    return;
  }
  // First, so that a stream's first key frame serves those who wait for it.
  keep(from, packet, buffer, now);
  note_layer(from, packet.layer, now);
  from.svc = from.svc || packet.frame.spatial > 0;
  from.layered = from.layered || from.svc || packet.layer > 0 || packet.frame.temporal > 0;
  from.meter.add(from.svc ? packet.frame.spatial : packet.layer, packet.frame.temporal,
                 packet.packet.bytes().size(), now);
  if (from.settings.talk_packets != 0) {
    note_level(from, packet.packet);
  }
  if (packet.keyframe && !packet.repaired && from.gates[packet.layer].wanted()) {
    from.gates[packet.layer].arrived();
    rearm(from);
  }
  if (from.routes.empty()) {
    return;
  }
  if (packet.frame.keyframe && overtaken(from, packet)) {
    ask_for_waiting(from, now);
  }
  if (from.pending.empty()) {
    dirty_.push_back(&from);
  }
  from.pending.push_back(packet);
}

void Router::keep(Source& source, const peer::SourcePacket& packet, const PacketRef& buffer,
                  Time now) {
  peer::SourceLayer& layer = source.peer.source(packet.line)->state->layers[packet.layer];
  if (pool_.available() <= kPoolReserve) {
    // A gap in it would be a gap for everybody who begins with it.
    return layer.frames.clear();
  }
  layer.frames.store(packet, buffer, now);
  if (!source.routes.empty()) {
    layer.cache.store(packet.seq, buffer, packet.packet, now);
  }
}

bool Router::overtaken(Source& source, const peer::SourcePacket& keyframe) {
  const auto kept =
      source.peer.source(keyframe.line)->state->layers[keyframe.layer].frames.packets();
  return !kept.empty() && kept.back().packet.seq > keyframe.seq;
}

bool Router::admits(Member& member, Source& source, const rtp::Packet& packet, Time now) {
  const std::size_t size = packet.bytes().size();
  const peer::SourceLine* line = member.police.on() ? source.peer.source(source.ref.line) : nullptr;
  const bool within = !(line != nullptr && line->video && !member.police.allows(size, now)) &&
                      !(source.police.on() && !source.police.allows(size, now));
  if (!within) {
    counters_.drop(peer::Drop::OverBitrate);
  }
  return within;
}

void Router::note_level(Source& source, const rtp::Packet& packet) {
  const peer::SourceLine* line = source.peer.source(source.ref.line);
  const auto id = line->state->extensions.id(rtp::ExtensionKind::AudioLevel);
  const auto value = rtp::find_extension(packet, id);
  const auto level = value ? rtp::read_audio_level(*value) : std::nullopt;
  if (!level) {
    return;
  }
  const auto change =
      source.talk.level(level->level, source.settings.talk_packets, source.settings.talk_level);
  if (change) {
    listener_.talking(source.ref, change->talks, change->level);
  }
}

// The state of many viewers does not fit into the nearest cache.
void Router::prepare(const Source& source, std::size_t present) {
  if (present + 2 < source.routes.size()) {
    prefetch(source.routes[present + 2], sizeof(Route));
  }
  if (present + 1 < source.routes.size()) {
    source.routes[present + 1]->prepare();
  }
}

void Router::flush(Time now) {
  for (Source* from : dirty_) {
    for (std::size_t i = 0; i < from->routes.size(); ++i) {
      Route& route = *from->routes[i];
      prepare(*from, i);
      if (const auto layers = route.forward(from->pending, now)) {
        listener_.layer_changed(route.sink_ref(), *layers);
      }
    }
    from->pending.clear();
  }
  dirty_.clear();
}

}  // namespace cardea::media
