// join, joinandconfigure and leave.
#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/ids.hpp"
#include "plugins/videoroom/requests/common.hpp"
#include "plugins/videoroom/requests/publishing.hpp"

namespace cardea::videoroom::requests {

namespace {

// As in Janus a subscriber needs the pin only; require_pvtid ties it to a participant.
Result<void> check_token(const Room& room, const Request& request) {
  const std::string_view token = request["token"].as_text();
  if (room.options.signed_tokens &&
      !room.rooms().good_token(token, room.id, Id::of(request["id"]))) {
    return error(kUnauthorized, "Unauthorized (wrong or missing signed token)");
  }
  if (room.options.check_allowed && !room.options.allowed.contains(token)) {
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
  Json event = Json::object({{"event", "joined"}, {"room", room.id}});
  event.set("id", publisher.id).set("private_id", publisher.private_id);
  if (publisher.display) {
    event.set("display", *publisher.display);
  }
  room.rooms().notify(publisher.source, event);
}

Result<void> check_publisher(const RoomHandle& handle, const Room& room, const Request& request) {
  if (auto checked = check_token(room, request); !checked) {
    return checked;
  }
  const Id id = Id::of(request["id"]);
  if (room.find(id) != nullptr) {
    return error(kIdExists, "User ID " + echoed(id.text()) + " already exists");
  }
  const RoomRegistry& rooms = handle.rooms();
  if (!rooms.has_place(room.publishers().size(), rooms.bounds().participants, "participants")) {
    return error(kPublishersFull, "The room has no place for another participant");
  }
  return {};
}

Answer join_as_publisher(RoomHandle& handle, Room& room, const Request& request) {
  if (auto checked = check_publisher(handle, room, request); !checked) {
    return checked.error();
  }
  const Id wished = Id::of(request["id"]);
  Publisher& publisher = handle.become_publisher(room, wished ? wished : room.free_id());
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
  if (Json streams = request["streams"]; streams.size() > 0) {
    return streams;
  }
  Json out = Json::array();
  const Id feed = Id::of(request["feed"]);
  const Publisher* source = room.find(feed);
  if (source == nullptr || !source->up) {
    return feed ? out.push(Json::object({{"feed", feed}})) : out;
  }
  const auto wanted = [&](const char* offered, const char* older) {
    return request[offered].as_bool(request[older].as_bool(true));
  };
  const bool audio = wanted("offer_audio", "audio");
  const bool video = wanted("offer_video", "video");
  const bool data = wanted("offer_data", "data");
  for (const PublishedStream& stream : source->streams) {
    if (stream.kind == CARDEA_AUDIO ? audio : stream.kind == CARDEA_VIDEO ? video : data) {
      out.push(Json::object({{"feed", feed}, {"mid", stream.mid}}));
    }
  }
  return out;
}

Json attached(const Subscriber& subscriber, const Request& request) {
  Json body = Json::object({{"videoroom", "attached"},
                            {"room", subscriber.room().id},
                            {"streams", events::subscription(subscriber)}});
  const Publisher* source = subscriber.room().find(Id::of(request["feed"]));
  if (request["streams"].size() == 0 && source != nullptr) {
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
    return error(kMissingElement, "Missing mandatory element (feed)");
  }
  if (room.options.require_pvtid && !room.has_private_id(request["private_id"].as_uint())) {
    return error(kUnauthorized, "Unauthorized (this room requires a valid private_id)");
  }
  const RoomRegistry& rooms = handle.rooms();
  const std::size_t most = rooms.bounds().participants * rooms.bounds().participants;
  if (!rooms.has_place(room.subscribers().size(), most, "subscriptions")) {
    return error(kUnknownError, "The room has no place for another subscription");
  }
  return {};
}

void tell_of_subscribing(const Subscriber& subscriber, const Request& request) {
  Json event = Json::object({{"event", "subscribing"}, {"room", subscriber.room().id}});
  event.set("streams", events::subscription(subscriber));
  event.set("private_id", request["private_id"]);
  subscriber.room().rooms().notify(subscriber.handle().id(), event);
}

Result<void> subscribe_to(Subscriber& subscriber, const Json& wanted, const Request& request) {
  if (wanted.size() == 0) {
    return error(kInvalidSdp, "Can't offer an SDP with no stream");
  }
  if (auto checked = subscriber.check(wanted); !checked) {
    return checked;
  }
  if (!subscriber.add(wanted)) {
    return error(kNoSuchFeed, "No such feed offers any of the streams");
  }
  return subscriber.offer(request.id(), attached(subscriber, request));
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
  const Result<void> result = subscribe_to(subscriber, wanted, request);
  if (!result) {
    handle.leave(Json());
    handle.host().set_role(handle.id(), "");
    return result.error().code > 0 ? result.error() : error(kInvalidSdp, result.error().message);
  }
  tell_of_subscribing(subscriber, request);
  return Json();
}

}  // namespace

Answer join(RoomHandle& handle, const Request& request) {
  if (handle.publisher() != nullptr || handle.subscriber() != nullptr) {
    const bool publishes = handle.publisher() != nullptr;
    return error(kAlreadyJoined, std::string("Already in as a ") +
                                     (publishes ? kPublisher : kSubscriber) + " on this handle");
  }
  Room* room = named_room(handle, request);
  if (room == nullptr) {
    return no_such_room(Id::of(request["room"]));
  }
  if (auto checked = check_secret(room->options.pin, request["pin"], "pin"); !checked) {
    return checked.error();
  }
  const std::string_view type = request["ptype"].as_text();
  if (type == kPublisher) {
    return join_as_publisher(handle, *room, request);
  }
  // "listener" is what Janus called a subscriber before.
  if (type == kSubscriber || type == "listener") {
    return join_as_subscriber(handle, *room, request);
  }
  return error(kInvalidElement, "Invalid element (ptype)");
}

Answer leave_as_publisher(RoomHandle& handle, const Request&) {
  if (handle.publisher() == nullptr) {
    return error(kNoSuchRoom, "No such room");
  }
  const Id room = handle.publisher()->room.id;
  const Id id = handle.publisher()->id;
  handle.leave(events::base(room).set("leaving", id));
  return events::base(room).set("leaving", "ok");
}

Answer leave_as_subscriber(RoomHandle& handle, const Request&) {
  if (handle.subscriber() == nullptr) {
    return error(kNoSuchRoom, "No such room");
  }
  const Id room = handle.subscriber()->room().id;
  handle.leave(Json());
  return events::base(room).set("left", "ok");
}

}  // namespace cardea::videoroom::requests
