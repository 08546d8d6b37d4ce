// allowed, kick, moderate, listparticipants.
#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/requests/common.hpp"

namespace cardea::videoroom::requests {

namespace {

Result<void> change_tokens(Room& room, const Json& tokens, bool add) {
  RoomOptions& options = room.options;
  const RoomRegistry& rooms = room.rooms();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens.at(i).is_string() || tokens.at(i).as_text().size() > kMaxSecret) {
      return error(kInvalidElement, "Invalid element type (allowed should be an array of strings)");
    }
  }
  if (add && tokens.size() > 0 &&
      !rooms.has_place(options.allowed.size() + tokens.size() - 1, rooms.bounds().tokens,
                       "tokens")) {
    return error(kInvalidElement, "Invalid element (too many tokens in allowed)");
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (add) {
      options.allowed.insert(tokens.at(i).text_or());
    } else {
      options.allowed.erase(tokens.at(i).text_or());
    }
  }
  return {};
}

}  // namespace

Answer allowed(RoomHandle& handle, const Request& request) {
  auto found = managed_room(handle, request);
  if (!found) {
    return found.error();
  }
  RoomOptions& options = (*found)->options;
  const std::string action = request["action"].text_or();
  if (action == "enable" || action == "disable") {
    options.check_allowed = action == "enable";
  } else if (action == "add" || action == "remove") {
    if (auto changed = change_tokens(**found, request["allowed"], action == "add"); !changed) {
      return changed.error();
    }
  } else {
    return error(kInvalidElement, "Unsupported action '" + echoed(action) + "' (allowed)");
  }
  Json tokens = Json::array();
  for (const std::string& token : options.allowed) {
    tokens.push(token);
  }
  return success().set("room", (*found)->id).set("allowed", tokens);
}

Answer kick(RoomHandle& handle, const Request& request) {
  auto found = managed_room(handle, request);
  if (!found) {
    return found.error();
  }
  Room& room = **found;
  Publisher* target = room.find(Id::of(request["id"]));
  if (target == nullptr || target->dummy) {
    return no_such_feed(Id::of(request["id"]));
  }
  if (target->handle == nullptr) {
    room.remove_guest(*target);
    return success();
  }
  RoomHandle& kicked = *target->handle;
  kicked.event(events::base(room.id).set("leaving", "ok").set("reason", "kicked"));
  kicked.leave(events::base(room.id).set("kicked", target->id));
  return success();
}

Answer moderate(RoomHandle& handle, const Request& request) {
  auto found = managed_room(handle, request);
  if (!found) {
    return found.error();
  }
  Room& room = **found;
  Publisher* target = room.find(Id::of(request["id"]));
  if (target == nullptr) {
    return no_such_feed(Id::of(request["id"]));
  }
  PublishedStream* stream = target->find(request["mid"].as_text());
  if (stream == nullptr) {
    return no_such_mid(request["mid"].as_text(), target->id);
  }
  const bool mute = request["mute"].as_bool();
  if (stream->moderated != mute) {
    stream->moderated = mute;
    room.refresh_routes(*target);
  }
  Json told = events::base(room.id);
  told.set("id", target->id).set("mid", stream->mid);
  room.tell(told.set("moderation", mute ? "muted" : "unmuted"), nullptr);
  handle.rooms().notify(0, Json(told).set("videoroom", "moderated"));
  return success();
}

Answer listparticipants(RoomHandle& handle, const Request& request) {
  const Room* room = named_room(handle, request);
  if (room == nullptr) {
    return no_such_room(Id::of(request["room"]));
  }
  Json participants = Json::array();
  for (const auto& [id, publisher] : room->publishers()) {
    participants.push(events::participant(*publisher));
  }
  return Json::object(
      {{"videoroom", "participants"}, {"room", room->id}, {"participants", participants}});
}

}  // namespace cardea::videoroom::requests
