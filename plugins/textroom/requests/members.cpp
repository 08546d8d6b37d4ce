// Requests of and about members of a room.
#include "plugins/textroom/requests/common.hpp"

namespace cardea::textroom::requests {

namespace {

Result<void> check_text(const TextHandle& handle, const Json& body) {
  const std::size_t most = handle.rooms().bounds().text;
  if (body["text"].as_text().size() > most) {
    return error(kInvalidElement,
                 "Invalid element (text should have at most " + std::to_string(most) + " bytes)");
  }
  return {};
}

/// Whether this client may enter the room under that name.
Result<void> check_join(const TextHandle& handle, const Room& room, const Json& body) {
  const std::string username = body["username"].text_or();
  const RoomOptions& options = room.options;
  if (auto opened = check_secret(options.pin, body["pin"], "pin"); !opened) {
    return opened;
  }
  if (options.check_allowed && !options.allowed.contains(body["token"].text_or())) {
    return error(kUnauthorized, "Unauthorized (not in the allowed list)");
  }
  if (handle.joined().contains(room.key)) {
    return error(kAlreadyInRoom, "Already in room " + room.key);
  }
  if (username.empty()) {
    return error(kInvalidElement, "Invalid element (username should not be empty)");
  }
  if (room.find(username) != nullptr) {
    return error(kUsernameTaken, "Username already taken");
  }
  const Bounds& bounds = handle.rooms().bounds();
  if (room.members().size() >= bounds.members || handle.joined().size() >= bounds.joined) {
    return error(kUnknownError, "Too many members");
  }
  return {};
}

/// The room that the request names, and this client's name in it.
struct Joined {
  Room* room;
  std::string username;
};
Result<Joined> joined_room(const TextHandle& handle, const Json& body) {
  const auto room = named_room(handle, body);
  if (!room) {
    return room.error();
  }
  const auto own = handle.joined().find((*room)->key);
  if (own == handle.joined().end()) {
    return error(kNotInRoom, "Not in room " + (*room)->key);
  }
  return Joined{*room, own->second};
}

sdk::Answer whisper(const Joined& in, const Json& body) {
  Json sent = Json::object();
  const std::string text = body["text"].text_or();
  const auto one = [&](const std::string& to) {
    sent.set(to, in.room->whisper(in.username, to, text));
  };
  if (body.has("to")) {
    one(body["to"].text_or());
  }
  for (std::size_t i = 0; i < body["tos"].size(); ++i) {
    const std::string to = body["tos"].at(i).text_or();
    if (!sent.has(to.c_str())) {
      one(to);
    }
  }
  return success().set("sent", sent);
}

}  // namespace

sdk::Answer join(TextHandle& handle, const Json& body, Way) {
  const auto room = named_room(handle, body);
  if (!room) {
    return room.error();
  }
  if (auto good = check_join(handle, **room, body); !good) {
    return good.error();
  }
  const std::string username = body["username"].text_or();
  (*room)->enter(username, {&handle, body["display"].text_or()}, body["history"].as_bool(true));
  return success().set("participants", (*room)->listing(username));
}

sdk::Answer leave(TextHandle& handle, const Json& body, Way) {
  const auto in = joined_room(handle, body);
  if (!in) {
    return in.error();
  }
  in->room->leave(in->username, false);
  return success();
}

sdk::Answer message(TextHandle& handle, const Json& body, Way) {
  const auto in = joined_room(handle, body);
  if (!in) {
    return in.error();
  }
  if (auto good = check_text(handle, body); !good) {
    return good.error();
  }
  if (body.has("to") && body.has("tos")) {
    return error(kInvalidElement, "Both to and tos array provided");
  }
  if (auto good = check_texts(body["tos"], "tos", kMaxName); !good) {
    return good.error();
  }
  sdk::Answer answer = success();
  if (body.has("to") || body.has("tos")) {
    answer = whisper(*in, body);
  } else {
    in->room->say(in->username, body["text"].text_or());
  }
  return body["ack"].as_bool(true) ? answer : Json();
}

sdk::Answer announcement(TextHandle& handle, const Json& body, Way) {
  const auto room = managed_room(handle, body);
  if (!room) {
    return room.error();
  }
  if (auto good = check_text(handle, body); !good) {
    return good.error();
  }
  (*room)->say({}, body["text"].text_or());
  return success();
}

sdk::Answer kick(TextHandle& handle, const Json& body, Way) {
  const auto room = managed_room(handle, body);
  if (!room) {
    return room.error();
  }
  const std::string username = body["username"].text_or();
  if ((*room)->find(username) == nullptr) {
    return error(kNoSuchUser, "No such user " + username + " in room " + (*room)->key);
  }
  (*room)->kick(username);
  return success();
}

}  // namespace cardea::textroom::requests
