// Requests about rooms as such.
#include <cardea/sdk/ids.hpp>
#include <cardea/sdk/text.hpp>

#include "plugins/textroom/requests/common.hpp"

namespace cardea::textroom::requests {

namespace {

/// What is true of create and edit alike.
Result<void> check_settings(const Json& body, const char* post) {
  if (!body[post].as_text().empty()) {
    return error(kInvalidElement, std::string("Invalid element (") + post + " is not supported)");
  }
  return check_texts(body["allowed"], "allowed", kMaxSecret);
}

const char* kind(Way way, const char* api_word) { return way == Way::Api ? api_word : "success"; }

Json done(const char* word, const Room& room, bool permanent) {
  return Json::object({{"textroom", word}, {"room", room.id}, {"permanent", permanent}});
}

}  // namespace

sdk::Answer list(TextHandle& handle, const Json& body, Way) {
  const std::string& key = handle.rooms().admin_key();
  const bool all = !key.empty() && body["admin_key"];
  if (auto opened = all ? check_secret(key, body["admin_key"], "admin_key") : Result<void>();
      !opened) {
    return opened.error();
  }
  Json rooms = Json::array();
  for (const auto& [name, room] : handle.rooms().all()) {
    if (room->options.is_private && !all) {
      continue;
    }
    rooms.push(Json::object({{"room", room->id},
                             {"description", room->options.description},
                             {"pin_required", !room->options.pin.empty()},
                             {"num_participants", room->members().size()},
                             {"history", room->options.history}}));
  }
  return success().set("list", rooms);
}

sdk::Answer list_participants(TextHandle& handle, const Json& body, Way) {
  const auto room = named_room(handle, body);
  if (!room) {
    return room.error();
  }
  return success().set("room", (*room)->id).set("participants", (*room)->listing());
}

sdk::Answer exists(TextHandle& handle, const Json& body, Way) {
  const bool there = handle.rooms().find(body["room"]) != nullptr;
  return success().set("room", body["room"]).set("exists", there);
}

sdk::Answer create(TextHandle& handle, const Json& body, Way way) {
  Rooms& rooms = handle.rooms();
  if (auto opened = check_secret(rooms.admin_key(), body["admin_key"], "admin_key"); !opened) {
    return opened.error();
  }
  if (auto good = check_settings(body, "post"); !good) {
    return good.error();
  }
  const Json id = body["room"];
  if (id && rooms.find(id) != nullptr) {
    return error(kRoomExists, "Room " + words(id) + " already exists");
  }
  if (rooms.all().size() >= rooms.bounds().rooms) {
    return error(kUnknownError, "Too many rooms");
  }
  const Room& room = rooms.add(id, body);
  const bool kept = body["permanent"].as_bool() && rooms.keep(room, true);
  return done(kind(way, "created"), room, kept);
}

sdk::Answer edit(TextHandle& handle, const Json& body, Way way) {
  const auto found = managed_room(handle, body);
  if (!found) {
    return found.error();
  }
  if (auto good = check_settings(body, "new_post"); !good) {
    return good.error();
  }
  Room& room = **found;
  const Json description = body["new_description"];
  if (!description.as_text().empty()) {
    room.options.description = description.text_or();
  }
  room.options.is_private = body["new_is_private"].as_bool(room.options.is_private);
  room.options.secret = body["new_secret"].text_or(room.options.secret);
  room.options.pin = body["new_pin"].text_or(room.options.pin);
  const bool kept = body["permanent"].as_bool() && handle.rooms().keep(room, true);
  return done(kind(way, "edited"), room, kept);
}

sdk::Answer destroy(TextHandle& handle, const Json& body, Way way) {
  const auto found = managed_room(handle, body);
  if (!found) {
    return found.error();
  }
  Room& room = **found;
  const bool kept = body["permanent"].as_bool() && handle.rooms().keep(room, false);
  const Json answer = done(kind(way, "destroyed"), room, kept);
  room.close();
  handle.rooms().remove(room);
  return answer;
}

sdk::Answer allowed(TextHandle& handle, const Json& body, Way) {
  const auto found = managed_room(handle, body);
  if (!found) {
    return found.error();
  }
  RoomOptions& options = (*found)->options;
  const std::string action = body["action"].text_or();
  const Json tokens = body["allowed"];
  if (action != "enable" && action != "disable" && action != "add" && action != "remove") {
    return error(kInvalidElement, "Unsupported action '" + sdk::echoed(action) + "' (allowed)");
  }
  if (auto good = check_texts(tokens, "allowed", kMaxSecret); !good) {
    return good.error();
  }
  auto after = options.allowed;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (action == "add") {
      after.insert(tokens.at(i).text_or());
    } else if (action == "remove") {
      after.erase(tokens.at(i).text_or());
    }
  }
  if (after.size() > static_cast<std::size_t>(kMaxTokens)) {
    return error(kInvalidElement, "Invalid element (too many tokens)");
  }
  options.allowed = std::move(after);
  if (action == "enable" || action == "disable") {
    options.check_allowed = action == "enable";
  }
  Json answer = success().set("room", (*found)->id);
  if (action == "disable") {
    return answer;
  }
  Json now = Json::array();
  for (const std::string& token : options.allowed) {
    now.push(token);
  }
  return answer.set("allowed", now);
}

}  // namespace cardea::textroom::requests
