// join, joinandconfigure and leave.
#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/ids.hpp"
#include "plugins/videoroom/requests/common.hpp"
#include "plugins/videoroom/requests/publishing.hpp"

namespace cardea::videoroom::requests {

namespace {

Result<void> check_entry(const Room& room, const Request& request) {
  if (auto checked = check_secret(room.options.pin, request["pin"], "pin"); !checked) {
    return checked;
  }
  if (room.options.check_allowed &&
      room.options.allowed.find(request["token"].as_text()) == room.options.allowed.end()) {
    return error(kUnauthorized, "Unauthorized (not in the allowed list)");
  }
  return {};
}

Json joined(const Room& room, const Publisher& publisher) {
  Json body = Json::object({{"videoroom", "joined"},
                            {"room", room.id},
                            {"description", room.options.description},
                            {"id", publisher.id},
                            {"private_id", publisher.private_id},
                            {"publishers", events::publishers(room, publisher)}});
  if (room.options.notify_joining) {
    body.set("attendees", events::attendees(room, publisher));
  }
  return body;
}

void tell_of_joining(const Room& room, const Publisher& publisher) {
  if (room.options.notify_joining) {
    room.tell(events::base(room.id).set("joining", events::attendee(publisher)), &publisher);
  }
}

Answer join_as_publisher(RoomHandle& handle, Room& room, const Request& request) {
  std::uint64_t id = request["id"].as_uint();
  if (room.find(id) != nullptr) {
    return error(kIdExists, "User ID " + std::to_string(id) + " already exists");
  }
  if (room.publishers().size() >= handle.rooms().max_participants()) {
    return error(kPublishersFull, "The room has no place for another participant");
  }
  while (id == 0 || room.find(id) != nullptr) {
    id = random_id();
  }
  Publisher& publisher = handle.become_publisher(room, id);
  if (const Json display = request["display"]) {
    publisher.display = display.text_or();
  }
  const bool publishes = request.has_offer();
  if (publishes) {
    if (auto answered = answer_offer(publisher, request, joined(room, publisher)); !answered) {
      handle.leave(Json());
      handle.host().set_role(handle.id(), "");
      return answered.error();
    }
    static_cast<void>(apply_settings(publisher, request));
  }
  tell_of_joining(room, publisher);
  return publishes ? Json() : joined(room, publisher);
}

/// The streams that a join asks for, from the deprecated form too.
/// @returns an empty list when it asks for none.
Json wanted_streams(const Room& room, const Request& request) {
  if (Json streams = request["streams"]) {
    return streams;
  }
  Json out = Json::array();
  const std::uint64_t feed = request["feed"].as_uint();
  const Publisher* source = room.find(feed);
  if (source == nullptr) {
    return feed == 0 ? out : out.push(Json::object({{"feed", feed}}));
  }
  const bool audio = request["offer_audio"].as_bool(request["audio"].as_bool(true));
  const bool video = request["offer_video"].as_bool(request["video"].as_bool(true));
  for (const PublishedStream& stream : source->streams) {
    if (stream.kind == CARDEA_AUDIO ? audio : video) {
      out.push(Json::object({{"feed", feed}, {"mid", stream.mid}}));
    }
  }
  return source->up ? out : out.push(Json::object({{"feed", feed}}));
}

Json attached(const Subscriber& subscriber, const Request& request) {
  Json body = Json::object({{"videoroom", "attached"},
                            {"room", subscriber.room().id},
                            {"streams", events::subscription(subscriber)}});
  const Publisher* source = subscriber.room().find(request["feed"].as_uint());
  if (!request["streams"] && source != nullptr) {
    body.set("id", source->id).set("warning", "deprecated_api");
    if (source->display) {
      body.set("display", *source->display);
    }
  }
  return body;
}

Result<void> check_subscription(const RoomHandle& handle, const Room& room, const Request& request,
                                const Json& wanted) {
  if (!request["feed"] && wanted.size() == 0) {
    return error(kMissingElement, "Missing mandatory element (streams)");
  }
  if (room.options.require_pvtid && !room.has_private_id(request["private_id"].as_uint())) {
    return error(kUnauthorized, "Unauthorized (this room requires a valid private_id)");
  }
  const std::size_t most = handle.rooms().max_participants();
  if (room.subscribers().size() >= most * most) {
    return error(kUnknownError, "The room has no place for another subscription");
  }
  return {};
}

Answer join_as_subscriber(RoomHandle& handle, Room& room, const Request& request) {
  const Json wanted = wanted_streams(room, request);
  if (auto checked = check_subscription(handle, room, request, wanted); !checked) {
    return checked.error();
  }
  Subscriber& subscriber =
      handle.become_subscriber(room, {.autoupdate = request["autoupdate"].as_bool(true),
                                      .use_msid = request["use_msid"].as_bool(false),
                                      .e2ee = room.options.require_e2ee});
  Result<void> result = subscriber.check(wanted, handle.rooms().max_streams());
  if (result && !subscriber.add(wanted)) {
    result = error(kNoSuchFeed, "No such feed offers any of the streams");
  }
  if (result) {
    result = subscriber.offer(request.id(), attached(subscriber, request));
  }
  if (!result) {
    handle.leave(Json());
    handle.host().set_role(handle.id(), "");
    return result.error().code > 0 ? result.error() : error(kInvalidSdp, result.error().message);
  }
  return Json();
}

}  // namespace

Answer join(RoomHandle& handle, const Request& request) {
  if (handle.publisher() != nullptr || handle.subscriber() != nullptr) {
    return error(kAlreadyJoined, "Already in a room on this handle");
  }
  Room* room = named_room(handle, request);
  if (room == nullptr) {
    return no_such_room(request["room"].as_uint());
  }
  if (auto checked = check_entry(*room, request); !checked) {
    return checked.error();
  }
  const std::string_view type = request["ptype"].as_text();
  if (type == "publisher") {
    return join_as_publisher(handle, *room, request);
  }
  // "listener" is what Janus called a subscriber before.
  if (type == "subscriber" || type == "listener") {
    return join_as_subscriber(handle, *room, request);
  }
  return error(kInvalidElement, "Invalid element (ptype)");
}

Answer leave_as_publisher(RoomHandle& handle, const Request&) {
  if (handle.publisher() == nullptr) {
    return error(kNoSuchRoom, "No such room");
  }
  const Json base = events::base(handle.publisher()->room.id);
  const std::uint64_t id = handle.publisher()->id;
  handle.leave(events::base(base["room"].as_uint()).set("leaving", id));
  return events::base(base["room"].as_uint()).set("leaving", "ok");
}

Answer leave_as_subscriber(RoomHandle& handle, const Request&) {
  if (handle.subscriber() == nullptr) {
    return error(kNoSuchRoom, "No such room");
  }
  const std::uint64_t room = handle.subscriber()->room().id;
  handle.leave(Json());
  return events::base(room).set("left", "ok");
}

}  // namespace cardea::videoroom::requests
