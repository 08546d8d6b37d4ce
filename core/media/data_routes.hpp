// Which peers' data messages go on to which, without a feature.
#pragma once

#include <unordered_map>
#include <vector>

#include "core/media/commands.hpp"

namespace cardea::media {

/// Routes between data m-lines, and taps of them, have numbers of their own, so that the engine
/// knows whom to tell.
inline constexpr RouteId kDataRoute = RouteId{1} << 63;

/// One thread.
class DataRoutes {
 public:
  struct Route {
    RouteId id = 0;
    PeerId sink = 0;
    bool paused = false;
  };

  /// Unlike media, a sink takes any number of routes.
  void add(const AddRoute& command);
  void set(const SetRoute& command);
  void remove(RouteId id);
  /// From it and to it.
  void remove_peer(PeerId peer);

  /// All from one source; null when there is none.
  [[nodiscard]] const std::vector<Route>* from(PeerId source) const;
  [[nodiscard]] std::size_t count() const { return ends_.size(); }

 private:
  Route* find(RouteId id);

  std::unordered_map<PeerId, std::vector<Route>> by_source_;
  struct Ends {
    PeerId source = 0;
    PeerId sink = 0;
  };
  std::unordered_map<RouteId, Ends> ends_;
};

}  // namespace cardea::media
