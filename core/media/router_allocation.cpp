// What a viewer's link carries decides which layers of its streams it gets.
#include <algorithm>

#include "core/media/router.hpp"

namespace cardea::media {
namespace {

// Reports come each 50 ms at most; the allocator's own times are seconds.
constexpr Duration kInterval = std::chrono::milliseconds(100);
// Percent of the estimate. Where more is sent most of it is lost, sound as well: better to send
// nothing of a layer that is left, while the key frame of the next is on its way.
constexpr std::uint64_t kFlood = 150;

}  // namespace

bool Router::allocation_due(const Member& member, Time now) {
  return now >= member.next_allocation;
}

std::uint64_t Router::allocate(Member& member, std::uint64_t estimate, Time now) {
  member.next_allocation = now + kInterval;
  std::vector<StreamDemand> demands;
  std::vector<std::vector<Rung>> ladders;
  std::vector<Route*> asked;
  ladders.reserve(member.by_sink.size());
  for (Route* route : member.by_sink) {
    const Source* from = route == nullptr ? nullptr : source(route->source_ref());
    const peer::SourceLine* line = from == nullptr ? nullptr : from->peer.source(from->ref.line);
    if (line == nullptr || route->paused()) {
      continue;
    }
    ladders.push_back(route->within_wish(from->meter.ladder(from->svc, now)));
    demands.push_back({.id = route->id(), .audio = !line->video, .ladder = ladders.back()});
    asked.push_back(route);
  }
  const bool flooded = member.allocator.allocated() * 100 > estimate * kFlood;
  const auto given = member.allocator.allocate(estimate, demands, now);
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!demands[i].ladder.empty()) {
      give(*asked[i], demands[i].ladder, given[i].rung, flooded, now);
    }
  }
  return member.allocator.wanted();
}

void Router::uncap(Member& member, Time now) {
  for (Route* route : member.by_sink) {
    if (route != nullptr && route->cap(Rung{-1, -1, 0})) {
      if (Source* from = source(route->source_ref())) {
        ask_for_waiting(*from, now);
      }
    }
  }
}

void Router::wake(Member& member, Time now) {
  for (std::uint32_t line = 0; line < member.by_sink.size(); ++line) {
    sink_wants_keyframe(member, line, now);
  }
}

void Router::give(Route& route, std::span<const Rung> ladder, std::optional<std::size_t> rung,
                  bool flooded, Time now) {
  const bool starved = route.starved();
  // At its best there is no cap: what the source may add is welcome.
  const bool best = rung && *rung + 1 == ladder.size();
  const bool changed = !rung ? route.starve() : route.cap(best ? Rung{-1, -1, 0} : ladder[*rung]);
  if (!changed) {
    return;
  }
  if (flooded && rung) {
    route.leave_layer();
  }
  if (!starved && route.starved()) {
    ++counters_.streams_paused;
    listener_.starved(route.sink_ref());
  }
  if (Source* from = source(route.source_ref())) {
    ask_for_waiting(*from, now);
  }
}

}  // namespace cardea::media
