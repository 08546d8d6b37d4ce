#include "plugins/videoroom/requests/common.hpp"

#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/ids.hpp"

namespace cardea::videoroom::requests {

Result<void> check_secret(std::string_view expected, const Json& given, const char* element) {
  if (expected.empty()) {
    return {};
  }
  if (!given) {
    return error(kMissingElement, "Missing mandatory element (" + std::string(element) + ")");
  }
  if (!given.is_string()) {
    return error(kInvalidElement,
                 "Invalid element type (" + std::string(element) + " should be a string)");
  }
  if (!same_secret(expected, given.as_text())) {
    return error(kUnauthorized, "Unauthorized (wrong " + std::string(element) + ")");
  }
  return {};
}

Result<Room*> managed_room(const RoomHandle& handle, const Request& request) {
  Room* room = named_room(handle, request);
  if (room == nullptr) {
    return no_such_room(Id::of(request["room"]));
  }
  if (auto checked = check_secret(room->options.secret, request["secret"], "secret"); !checked) {
    return checked.error();
  }
  return room;
}

Result<Publisher*> managed_publisher(const RoomHandle& handle, const Request& request) {
  auto room = managed_room(handle, request);
  if (!room) {
    return room.error();
  }
  const Id id = Id::of(request["publisher_id"]);
  Publisher* publisher = (*room)->find(id);
  return publisher == nullptr ? Result<Publisher*>(no_such_feed(id)) : publisher;
}

Json success() { return Json::object({{"videoroom", "success"}}); }

}  // namespace cardea::videoroom::requests
