// Checks that several requests share.
#pragma once

#include <cardea/sdk/plugin.hpp>

#include "plugins/videoroom/handle.hpp"

namespace cardea::videoroom::requests {

/// The room that the request names, or null.
inline Room* named_room(const RoomHandle& handle, const Request& request) {
  return handle.rooms().find(Id::of(request["room"]));
}

/// Whether `given` opens what `expected` locks; an empty `expected` locks nothing.
/// @param element its name, for the error.
Result<void> check_secret(std::string_view expected, const Json& given, const char* element);

/// The room that the request names, when its secret is right.
Result<Room*> managed_room(const RoomHandle& handle, const Request& request);

/// The member "publisher_id" in such a room.
Result<Publisher*> managed_publisher(const RoomHandle& handle, const Request& request);

/// {"videoroom":"success"}
Json success();

}  // namespace cardea::videoroom::requests
