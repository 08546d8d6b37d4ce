// enable_recording.
#include "plugins/videoroom/recording.hpp"
#include "plugins/videoroom/requests/common.hpp"

namespace cardea::videoroom::requests {

Answer enable_recording(RoomHandle& handle, const Request& request) {
  auto found = managed_room(handle, request);
  if (!found) {
    return found.error();
  }
  Room& room = **found;
  const bool record = request["record"].as_bool();
  room.options.record = record;
  for (const auto& [id, publisher] : room.publishers()) {
    publisher->record = record;
    if (publisher->up) {
      follow_recording(*publisher);
    }
  }
  return success().set("record", record);
}

}  // namespace cardea::videoroom::requests
