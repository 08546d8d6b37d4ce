// What a subscriber asks for: start, pause, configure, subscribe, unsubscribe, update, switch.
#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/requests/common.hpp"

namespace cardea::videoroom::requests {

namespace {

Error not_subscribed() { return error(kNoSuchRoom, "No such room"); }

Json done(const Subscriber& subscriber, const char* what) {
  return events::base(subscriber.room().id).set(what, "ok");
}

Answer offered(const Result<void>& result) {
  return result.ok() ? Answer(Json()) : Answer(error(kInvalidSdp, result.error().message));
}

/// Adds and removes, then offers what has changed.
Answer change(RoomHandle& handle, const Request& request, const Json& wanted,
              const Json& unwanted) {
  Subscriber* subscriber = handle.subscriber();
  if (subscriber == nullptr) {
    return not_subscribed();
  }
  if (auto checked = subscriber->check(wanted); !checked) {
    return checked.error();
  }
  const bool removed = subscriber->remove(unwanted);
  const bool added = subscriber->add(wanted);
  if (!added && !removed) {
    return Json::object({{"videoroom", "updated"}, {"room", subscriber->room().id}});
  }
  return offered(subscriber->offer(request.id(), subscriber->updated()));
}

Result<void> configure_streams(Subscriber& subscriber, const Json& wishes) {
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const std::string_view mid = wishes.at(i)["mid"].as_text();
    if (subscriber.find(mid) == nullptr) {
      return error(kNoSuchFeed, "No such mid '" + echoed(mid) + "' in the subscription");
    }
  }
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const Json wish = wishes.at(i);
    SubscribedStream& stream = *subscriber.find(wish["mid"].as_text());
    stream.send = wish["send"].as_bool(stream.send);
    take_layers(stream.wish, wish);
    take_delays(stream, wish);
    subscriber.apply(stream);
  }
  return {};
}

/// The form without `streams`: for one mid, or for all m-lines.
void configure_all(Subscriber& subscriber, const Request& request) {
  const Json mid = request["mid"];
  for (SubscribedStream& stream : subscriber.streams()) {
    if (mid && mid.as_text() != stream.mid()) {
      continue;
    }
    const Json older = request[events::kind_name(stream.kind)];
    stream.send = request["send"].as_bool(older.as_bool(stream.send));
    if (stream.kind == CARDEA_VIDEO) {
      take_layers(stream.wish, request.body());
    }
    subscriber.apply(stream);
  }
}

/// Null when the subscription has no such m-line of that kind: the wish is passed over.
Result<SubscribedStream*> switched_line(Subscriber& subscriber, const Json& wish) {
  const Id feed = Id::of(wish["feed"]);
  const Publisher* source = subscriber.room().find(feed);
  if (source == nullptr || !source->up) {
    return no_such_feed(feed);
  }
  const PublishedStream* from = source->find(wish["mid"].as_text());
  if (from == nullptr || from->disabled) {
    return no_such_mid(wish["mid"].as_text(), feed);
  }
  SubscribedStream* line = subscriber.find(wish["sub_mid"].as_text());
  const bool fits = line != nullptr && line->kind == from->kind && line->kind != CARDEA_DATA;
  return fits ? line : nullptr;
}

}  // namespace

Answer start(RoomHandle& handle, const Request& request) {
  Subscriber* subscriber = handle.subscriber();
  if (subscriber == nullptr) {
    return not_subscribed();
  }
  if (request.has_offer()) {
    return error(kInvalidSdpType, "A subscriber makes answers, not offers");
  }
  if (!request.has_answer()) {
    subscriber->pause(false);
    return done(*subscriber, "started");
  }
  if (auto accepted = subscriber->accept(request.id()); !accepted) {
    return error(kInvalidSdp, "Error processing the answer: " + accepted.error().message);
  }
  static_cast<void>(handle.event(request, done(*subscriber, "started")));
  subscriber->offer_what_waited();
  return Json();
}

Answer pause(RoomHandle& handle, const Request&) {
  Subscriber* subscriber = handle.subscriber();
  if (subscriber == nullptr) {
    return not_subscribed();
  }
  subscriber->pause(true);
  return done(*subscriber, "paused");
}

Answer configure_subscriber(RoomHandle& handle, const Request& request) {
  Subscriber* subscriber = handle.subscriber();
  if (subscriber == nullptr) {
    return not_subscribed();
  }
  if (auto set = configure_streams(*subscriber, request["streams"]); !set) {
    return set.error();
  }
  configure_all(*subscriber, request);
  if (request["restart"].as_bool()) {
    return offered(subscriber->offer(request.id(), done(*subscriber, "configured"), true));
  }
  return done(*subscriber, "configured");
}

Answer subscribe(RoomHandle& handle, const Request& request) {
  if (request["streams"].size() == 0) {
    return error(kInvalidElement, "Expected at least one stream (streams)");
  }
  return change(handle, request, request["streams"], Json());
}

Answer unsubscribe(RoomHandle& handle, const Request& request) {
  if (request["streams"].size() == 0) {
    return error(kInvalidElement, "Expected at least one stream (streams)");
  }
  return change(handle, request, Json(), request["streams"]);
}

Answer update(RoomHandle& handle, const Request& request) {
  const Json wanted = request["subscribe"];
  const Json unwanted = request["unsubscribe"];
  if (!wanted && !unwanted) {
    return error(kMissingElement, "Missing mandatory element (subscribe or unsubscribe)");
  }
  return change(handle, request, wanted, unwanted);
}

Answer switch_sources(RoomHandle& handle, const Request& request) {
  Subscriber* subscriber = handle.subscriber();
  if (subscriber == nullptr) {
    return not_subscribed();
  }
  const Json wishes = request["streams"];
  if (wishes.size() == 0) {
    return request["feed"] ? error(kInvalidElement, "Empty switch list")
                           : error(kNoSuchFeed, "No streams to switch to");
  }
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    if (auto line = switched_line(*subscriber, wishes.at(i)); !line) {
      return line.error();
    }
  }
  bool offer_needed = false;
  unsigned changes = 0;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const Json wish = wishes.at(i);
    SubscribedStream* line = *switched_line(*subscriber, wish);
    if (line == nullptr) {
      continue;
    }
    const Publisher& source = *subscriber->room().find(Id::of(wish["feed"]));
    offer_needed = subscriber->replace(*line, source, wish["mid"].as_text()) || offer_needed;
    ++changes;
  }
  if (offer_needed) {
    return offered(subscriber->offer(request.id(), subscriber->updated()));
  }
  return done(*subscriber, "switched")
      .set("changes", changes)
      .set("streams", events::subscription(*subscriber));
}

}  // namespace cardea::videoroom::requests
