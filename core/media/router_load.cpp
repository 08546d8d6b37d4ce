// What viewers go without while the worker cannot keep up.
#include <algorithm>

#include "core/media/router.hpp"

namespace cardea::media {
namespace {

/// Where a viewer stands in the line of those who go without, 0..1: anywhere, and always there.
double place(PeerId viewer) {
  constexpr std::uint64_t kSpread = 0x9E37'79B9'7F4A'7C15;
  return static_cast<double>(viewer * kSpread >> 11) * 0x1p-53;
}

}  // namespace

void Router::shed(double share, Time now) {
  if (share == shed_share_) {
    return;
  }
  shed_share_ = share;
  for (const auto& [id, route] : routes_) {
    shed(*route, share);
  }
  for (auto& [id, member] : members_) {
    for (Source& source : member.sources) {
      ask_for_waiting(source, now);
    }
  }
}

void Router::shed(Route& route, double share) {
  const Source* from = source(route.source_ref());
  const peer::SourceLine* line = from == nullptr ? nullptr : from->peer.source(from->ref.line);
  // Recordings and forwards are few, and whole or worthless.
  if (line == nullptr || !line->video || route.outlet() != nullptr) {
    return;
  }
  const double at = place(route.sink_ref().peer);
  Shed what = Shed::Nothing;
  if (at < share - 1 || (at < share && !from->layered)) {
    what = Shed::Video;
  } else if (at < share) {
    what = Shed::Layers;
  }
  counters_.streams_shed += route.shed(what) ? 1 : 0;
}

}  // namespace cardea::media
