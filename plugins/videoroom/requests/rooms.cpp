// create, edit, destroy, exists, list.
#include <vector>

#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/ids.hpp"
#include "plugins/videoroom/requests/common.hpp"

namespace cardea::videoroom::requests {

namespace {

Json about(const char* what, std::uint64_t room) {
  return Json::object({{"videoroom", what}, {"room", room}});
}

}  // namespace

Answer create(RoomHandle& handle, const Request& request) {
  RoomRegistry& rooms = handle.rooms();
  const Json key = request["admin_key"];
  if (auto checked = check_secret(rooms.admin_key(), key, "admin_key"); !checked) {
    return checked.error();
  }
  std::uint64_t id = request["room"].as_uint();
  if (id == 0) {
    id = rooms.free_id();
  } else if (rooms.find(id) != nullptr) {
    return error(kRoomExists, "Room " + std::to_string(id) + " already exists");
  }
  if (rooms.full()) {
    return error(kUnknownError, "The server has no place for another room");
  }
  const Json tokens = request["allowed"];
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens.at(i).is_string()) {
      return error(kInvalidElement, "Invalid element type (allowed should be an array of strings)");
    }
  }
  auto options = read_options(request.body(), id);
  if (!options) {
    return options.error();
  }
  rooms.add(id, std::move(*options));
  return about("created", id).set("permanent", false);
}

Answer edit(RoomHandle& handle, const Request& request) {
  auto found = managed_room(handle, request);
  if (!found) {
    return found.error();
  }
  Room& room = **found;
  RoomOptions& options = room.options;
  options.description = request["new_description"].text_or(options.description);
  options.secret = request["new_secret"].text_or(options.secret);
  options.pin = request["new_pin"].text_or(options.pin);
  options.is_private = request["new_is_private"].as_bool(options.is_private);
  options.require_pvtid = request["new_require_pvtid"].as_bool(options.require_pvtid);
  options.lock_record = request["new_lock_record"].as_bool(options.lock_record);
  options.rec_dir = request["new_rec_dir"].text_or(options.rec_dir);
  const auto number = [&](const char* name, std::uint32_t before) {
    return static_cast<std::uint32_t>(request[name].as_uint(before));
  };
  options.bitrate = number("new_bitrate", options.bitrate);
  options.fir_freq = number("new_fir_freq", options.fir_freq);
  options.publishers = number("new_publishers", options.publishers);
  return about("edited", room.id).set("permanent", false);
}

Answer destroy(RoomHandle& handle, const Request& request) {
  auto found = managed_room(handle, request);
  if (!found) {
    return found.error();
  }
  Room& room = **found;
  const std::uint64_t id = room.id;
  room.tell(about("destroyed", id), nullptr);
  std::vector<RoomHandle*> inside;
  for (const Subscriber* subscriber : room.subscribers()) {
    inside.push_back(&subscriber->handle());
  }
  for (const auto& [number, publisher] : room.publishers()) {
    inside.push_back(&publisher->handle);
  }
  room.close();
  for (RoomHandle* each : inside) {
    each->leave(Json());
  }
  handle.rooms().remove(id);
  return about("destroyed", id).set("permanent", false);
}

Answer exists(RoomHandle& handle, const Request& request) {
  return about("success", request["room"].as_uint())
      .set("exists", named_room(handle, request) != nullptr);
}

Answer list(RoomHandle& handle, const Request& request) {
  const std::string& key = handle.rooms().admin_key();
  const Json given = request["admin_key"];
  if (given && !key.empty() && !same_secret(key, given.as_text())) {
    return error(kUnauthorized, "Unauthorized (wrong admin_key)");
  }
  const bool all = given && !key.empty();
  Json rooms = Json::array();
  for (const auto& [id, room] : handle.rooms().rooms()) {
    if (all || !room->options.is_private) {
      rooms.push(listing(room->options)
                     .set("room", id)
                     .set("num_participants", room->publishers().size()));
    }
  }
  return Json::object({{"videoroom", "success"}, {"list", rooms}});
}

}  // namespace cardea::videoroom::requests
