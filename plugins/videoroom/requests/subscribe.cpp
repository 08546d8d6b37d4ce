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
  if (auto checked = subscriber->check(wanted, handle.rooms().max_streams()); !checked) {
    return checked.error();
  }
  const bool added = subscriber->add(wanted);
  const bool removed = subscriber->remove(unwanted);
  if (!added && !removed) {
    return Json::object({{"videoroom", "updated"}, {"room", subscriber->room().id}});
  }
  return offered(subscriber->offer(request.id(), subscriber->updated()));
}

void set_layers(SubscribedStream& stream, const Json& wish) {
  const auto take = [&](const char* name, const char* svc_name, std::int32_t before) {
    return static_cast<std::int32_t>(wish[name].as_int(wish[svc_name].as_int(before)));
  };
  stream.substream = take("substream", "spatial_layer", stream.substream);
  stream.temporal = take("temporal", "temporal_layer", stream.temporal);
}

Result<void> configure_streams(Subscriber& subscriber, const Json& wishes) {
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const std::string mid = wishes.at(i)["mid"].text_or();
    if (subscriber.find(mid) == nullptr) {
      return error(kNoSuchFeed, "No such mid '" + mid + "' in the subscription");
    }
  }
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const Json wish = wishes.at(i);
    SubscribedStream& stream = *subscriber.find(wish["mid"].as_text());
    stream.send = wish["send"].as_bool(stream.send);
    set_layers(stream, wish);
    subscriber.apply(stream);
  }
  return {};
}

/// The form without `streams`: for one mid, or for all m-lines.
void configure_all(Subscriber& subscriber, const Request& request) {
  const Json mid = request["mid"];
  for (const SubscribedStream& each : subscriber.streams()) {
    SubscribedStream& stream = *subscriber.find(each.mid());
    if (mid && mid.as_text() != stream.mid()) {
      continue;
    }
    const bool video = stream.kind == CARDEA_VIDEO;
    stream.send = request["send"].as_bool(request[video ? "video" : "audio"].as_bool(stream.send));
    if (video) {
      set_layers(stream, request.body());
    }
    subscriber.apply(stream);
  }
}

Result<SubscribedStream*> switched_line(Subscriber& subscriber, const Json& wish) {
  const Publisher* source = subscriber.room().find(wish["feed"].as_uint());
  if (source == nullptr || !source->up) {
    return no_such_feed(wish["feed"].as_uint());
  }
  const PublishedStream* from = source->find(wish["mid"].as_text());
  if (from == nullptr || from->disabled()) {
    return error(kNoSuchFeed, "No such mid '" + wish["mid"].text_or() + "' in that feed");
  }
  SubscribedStream* line = subscriber.find(wish["sub_mid"].as_text());
  if (line == nullptr || line->kind != from->kind) {
    return error(kNoSuchFeed, "No such mid '" + wish["sub_mid"].text_or() +
                                  "' of that kind in the subscription");
  }
  return line;
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
  return change(handle, request, request["streams"], Json());
}

Answer unsubscribe(RoomHandle& handle, const Request& request) {
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
    return error(kNoSuchFeed, "No streams to switch to");
  }
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    if (auto line = switched_line(*subscriber, wishes.at(i)); !line) {
      return line.error();
    }
  }
  bool offer_needed = false;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const Json wish = wishes.at(i);
    const Publisher& source = *subscriber->room().find(wish["feed"].as_uint());
    SubscribedStream& line = *subscriber->find(wish["sub_mid"].as_text());
    offer_needed = subscriber->replace(line, source, wish["mid"].as_text()) || offer_needed;
  }
  static_cast<void>(handle.event(request, done(*subscriber, "switched")
                                              .set("changes", wishes.size())
                                              .set("streams", events::subscription(*subscriber))));
  if (offer_needed) {
    static_cast<void>(subscriber->offer(0, subscriber->updated()));
  }
  return Json();
}

}  // namespace cardea::videoroom::requests
