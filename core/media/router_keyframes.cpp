// When the router asks publishers for key frames, and which layers are there.
#include <algorithm>
#include <utility>

#include "core/media/router.hpp"

namespace cardea::media {
namespace {

// A layer that the sender has switched off must not be waited for; at 5 frames per second, which
// browsers go down to, a packet still comes each 200 ms.
constexpr Duration kLayerGone = std::chrono::milliseconds(1500);
constexpr Duration kLayerCheck = std::chrono::milliseconds(500);
// With more than one layer viewers want to fall back sooner.
constexpr Duration kSimulcastCheck = std::chrono::milliseconds(50);

/// Layers of which a packet came within the last `age`.
std::uint8_t alive(const Source& source, Duration age, Time now) {
  std::uint8_t mask = 0;
  for (std::size_t i = 0; i < peer::kMaxLayers; ++i) {
    if (source.last_packet[i] != Time() && source.last_packet[i] + age >= now) {
      mask = static_cast<std::uint8_t>(mask | 1U << i);
    }
  }
  return mask;
}

}  // namespace

void Router::note_layer(Source& source, std::uint8_t layer, Time now) {
  source.last_packet[layer] = now;
  const bool known = (source.available >> layer & 1) != 0;
  if (known && now < source.next_layer_check) {
    return;
  }
  const std::uint8_t before = std::exchange(source.available, alive(source, kLayerGone, now));
  const bool simulcast = (source.available & (source.available - 1)) != 0;
  source.next_layer_check = now + (simulcast ? kSimulcastCheck : kLayerCheck);
  if (!simulcast && before == source.available) {
    return;
  }
  bool changed = false;
  for (Route* route : source.routes) {
    changed = route->set_available(alive(source, std::min(route->fallback(), kLayerGone), now)) ||
              changed;
  }
  if (changed) {
    ask_for_waiting(source, now);
  }
}

void Router::ask_for_waiting(Source& source, Time now) {
  std::array<bool, peer::kMaxLayers> asked{};
  for (Route* route : source.routes) {
    const auto layer = route->waiting_for();
    if (!layer || begin_replay(*route, source, now)) {
      continue;
    }
    if (!asked[*layer]) {
      asked[*layer] = true;
      want_keyframe(source, *layer, now);
    }
  }
}

void Router::want_keyframe(Source& source, std::uint8_t layer, Time now) {
  const peer::SourceLine* line = source.peer.source(source.ref.line);
  if (line == nullptr || !line->video) {
    return;
  }
  ++counters_.keyframes_wanted;
  KeyframeGate& gate = source.gates[layer];
  if (gate.want(now) && !source.peer.request_keyframe(source.ref.line, layer)) {
    gate.cancel();
  }
  rearm(source);
}

void Router::rearm(Source& source) {
  Time next = source.next_periodic;
  for (const KeyframeGate& gate : source.gates) {
    next = std::min(next, gate.next_deadline());
  }
  deadlines_.set(source, next);
}

void Router::poll(Time now) {
  poll_replays(now);
  while (DeadlineHeap::Item* item = deadlines_.due(now)) {
    auto& source = static_cast<Source&>(*item);
    for (std::uint8_t layer = 0; layer < peer::kMaxLayers; ++layer) {
      KeyframeGate& gate = source.gates[layer];
      if (source.routes.empty()) {
        gate.arrived();  // Nobody waits any more.
      }
      if (gate.poll(now) && !source.peer.request_keyframe(source.ref.line, layer)) {
        gate.cancel();
      }
    }
    if (source.next_periodic <= now) {
      source.next_periodic = now + std::chrono::seconds(source.settings.keyframe_seconds);
      request_keyframe(source.ref, now);
    }
    rearm(source);
  }
}

void Router::request_keyframe(LineRef ref, Time now) {
  Source* from = source(ref);
  if (from == nullptr) {
    return;
  }
  for (std::uint8_t layer = 0; layer < peer::kMaxLayers; ++layer) {
    if ((from->available >> layer & 1) != 0) {
      want_keyframe(*from, layer, now);
    }
  }
}

void Router::sink_wants_keyframe(Member& member, std::uint32_t line, Time now) {
  if (const Route* route = line < member.by_sink.size() ? member.by_sink[line] : nullptr) {
    route_wants_keyframe(route->id(), now);
  }
}

void Router::route_wants_keyframe(RouteId id, Time now) {
  const auto found = routes_.find(id);
  const Route* route = found == routes_.end() ? nullptr : found->second.get();
  Source* from = route == nullptr ? nullptr : source(route->source_ref());
  if (from == nullptr) {
    return;
  }
  const auto layer = route->current_layer() ? route->current_layer() : route->waiting_for();
  if (layer) {
    want_keyframe(*from, *layer, now);
  }
}

void Router::layer_needs_keyframe(Member& member, std::uint32_t line, std::uint8_t layer,
                                  Time now) {
  if (line < member.sources.size() && !member.sources[line].routes.empty()) {
    want_keyframe(member.sources[line], layer, now);
  }
}

void Router::set_source(LineRef ref, const SourceSettings& settings, Time now) {
  if (ref.line == kAllLines) {
    if (Member* member = find(ref.peer)) {
      member->peer->set_bitrate(peer::Peer::kWholePeer, settings.bitrate, now);
      member->police.set(settings.enforce_bitrate ? settings.bitrate : 0);
    }
    return;
  }
  Source* from = source(ref);
  if (from == nullptr) {
    return;
  }
  from->settings = settings;
  from->police.set(settings.enforce_bitrate ? settings.bitrate : 0);
  from->peer.set_bitrate(ref.line, settings.bitrate, now);
  const Duration period = std::chrono::seconds(settings.keyframe_seconds);
  from->next_periodic = settings.keyframe_seconds == 0 ? Time::max() : now + period;
  rearm(*from);
}

}  // namespace cardea::media
