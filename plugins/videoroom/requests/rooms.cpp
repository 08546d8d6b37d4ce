// create, edit, destroy, exists, list.
#include <vector>

#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/ids.hpp"
#include "plugins/videoroom/recording.hpp"
#include "plugins/videoroom/requests/common.hpp"

namespace cardea::videoroom::requests {

namespace {

Json about(const char* what, const Id& room) {
  return Json::object({{"videoroom", what}, {"room", room}});
}

bool permanent(const Request& request) { return request["permanent"].as_bool(); }

void notify(const RoomHandle& handle, const char* event, const Id& room) {
  handle.rooms().notify(handle.id(), Json::object({{"event", event}, {"room", room}}));
}

Result<void> check_rec_dir(const RoomRegistry& rooms, const Json& given) {
  if (!given || given.as_text().empty() ||
      sdk::recording_path(rooms.recordings(), given.text_or(), "x")) {
    return {};
  }
  return error(kInvalidElement,
               "Invalid element (rec_dir should lie in the server's folder for recordings)");
}

}  // namespace

Answer create(RoomHandle& handle, const Request& request) {
  RoomRegistry& rooms = handle.rooms();
  const Json key = request["admin_key"];
  if (auto checked = check_secret(rooms.admin_key(), key, "admin_key"); !checked) {
    return checked.error();
  }
  Id id = Id::of(request["room"]);
  if (!id) {
    id = rooms.free_id();
  } else if (rooms.find(id) != nullptr) {
    return error(kRoomExists, "Room " + echoed(id.text()) + " already exists");
  }
  if (!rooms.has_place(rooms.rooms().size(), rooms.bounds().rooms, "rooms")) {
    return error(kUnknownError, "The server has no place for another room");
  }
  const Json tokens = request["allowed"];
  if (tokens.size() > 0 && !rooms.has_place(tokens.size() - 1, rooms.bounds().tokens, "tokens")) {
    return error(kInvalidElement, "Invalid element (too many tokens in allowed)");
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens.at(i).is_string()) {
      return error(kInvalidElement, "Invalid element type (allowed should be an array of strings)");
    }
  }
  auto options = read_options(request.body(), id);
  if (!options) {
    return options.error();
  }
  if (auto checked = check_rec_dir(rooms, request["rec_dir"]); !checked) {
    return checked.error();
  }
  const Room& room = rooms.add(id, std::move(*options));
  notify(handle, "created", id);
  return about("created", id).set("permanent", permanent(request) && rooms.save(room));
}

Answer edit(RoomHandle& handle, const Request& request) {
  auto found = managed_room(handle, request);
  if (!found) {
    return found.error();
  }
  Room& room = **found;
  if (auto checked = check_rec_dir(handle.rooms(), request["new_rec_dir"]); !checked) {
    return checked.error();
  }
  edit_options(room.options, request.body());
  for (const auto& [id, publisher] : room.publishers()) {
    publisher->set_source();
  }
  notify(handle, "edited", room.id);
  return about("edited", room.id).set("permanent", permanent(request) && handle.rooms().save(room));
}

Answer destroy(RoomHandle& handle, const Request& request) {
  auto found = managed_room(handle, request);
  if (!found) {
    return found.error();
  }
  Room& room = **found;
  const Id id = room.id;
  room.tell(about("destroyed", id), nullptr);
  std::vector<RoomHandle*> inside;
  for (const Subscriber* subscriber : room.subscribers()) {
    inside.push_back(&subscriber->handle());
  }
  for (const auto& [number, publisher] : room.publishers()) {
    if (publisher->handle != nullptr) {
      inside.push_back(publisher->handle);
    }
  }
  room.close();
  for (RoomHandle* each : inside) {
    each->leave(Json());
  }
  handle.rooms().remove(id);
  notify(handle, "destroyed", id);
  return about("destroyed", id).set("permanent", permanent(request) && handle.rooms().forget(id));
}

Answer exists(RoomHandle& handle, const Request& request) {
  return about("success", Id::of(request["room"]))
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
