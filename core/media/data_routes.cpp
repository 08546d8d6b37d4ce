#include "core/media/data_routes.hpp"

#include <algorithm>

namespace cardea::media {

void DataRoutes::add(const AddRoute& command) {
  remove(command.route);
  by_source_[command.source.peer].push_back(
      {command.route, command.sink.peer, command.settings.paused});
  ends_[command.route] = {command.source.peer, command.sink.peer};
}

DataRoutes::Route* DataRoutes::find(RouteId id) {
  const auto ends = ends_.find(id);
  if (ends == ends_.end()) {
    return nullptr;
  }
  auto& routes = by_source_[ends->second.source];
  return &*std::find_if(routes.begin(), routes.end(), [id](const Route& r) { return r.id == id; });
}

void DataRoutes::set(const SetRoute& command) {
  if (Route* route = find(command.route)) {
    route->paused = command.settings.paused;
  }
}

void DataRoutes::remove(RouteId id) {
  const auto ends = ends_.find(id);
  if (ends == ends_.end()) {
    return;
  }
  auto& routes = by_source_[ends->second.source];
  std::erase_if(routes, [id](const Route& route) { return route.id == id; });
  if (routes.empty()) {
    by_source_.erase(ends->second.source);
  }
  ends_.erase(ends);
}

void DataRoutes::remove_peer(PeerId peer) {
  std::vector<RouteId> gone;
  for (const auto& [id, ends] : ends_) {
    if (ends.source == peer || ends.sink == peer) {
      gone.push_back(id);
    }
  }
  for (const RouteId id : gone) {
    remove(id);
  }
}

const std::vector<DataRoutes::Route>* DataRoutes::from(PeerId source) const {
  const auto found = by_source_.find(source);
  return found == by_source_.end() ? nullptr : &found->second;
}

}  // namespace cardea::media
