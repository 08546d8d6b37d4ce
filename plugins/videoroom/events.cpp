#include "plugins/videoroom/events.hpp"

#include "plugins/videoroom/room.hpp"
#include "plugins/videoroom/subscriber.hpp"

namespace cardea::videoroom::events {

namespace {

bool has_audio_levels(const Publisher& publisher) {
  return publisher.room.options.audiolevel_ext && !publisher.codec(CARDEA_AUDIO).empty();
}

Json stream(const PublishedStream& stream) {
  Json out = Json::object(
      {{"type", kind_name(stream.kind)}, {"mindex", stream.mindex}, {"mid", stream.mid}});
  if (stream.disabled()) {
    return out.set("disabled", true);
  }
  out.set("codec", stream.codec);
  if (!stream.description.empty()) {
    out.set("description", stream.description);
  }
  const auto when_on = [&](const char* key, bool on) {
    if (on) {
      out.set(key, true);
    }
  };
  when_on("fec", stream.fec);
  when_on("moderated", stream.moderated);
  when_on("simulcast", stream.simulcast);
  return out;
}

void add_codecs(Json& body, const Publisher& publisher) {
  if (const std::string audio = publisher.codec(CARDEA_AUDIO); !audio.empty()) {
    body.set("audio_codec", audio);
  }
  if (const std::string video = publisher.codec(CARDEA_VIDEO); !video.empty()) {
    body.set("video_codec", video);
  }
}

}  // namespace

Json base(std::uint64_t room) { return Json::object({{"videoroom", "event"}, {"room", room}}); }

const char* kind_name(cardea_kind_t kind) {
  return kind == CARDEA_AUDIO ? "audio" : kind == CARDEA_VIDEO ? "video" : "data";
}

Json streams(const Publisher& publisher) {
  Json out = Json::array();
  for (const PublishedStream& each : publisher.streams) {
    out.push(stream(each));
  }
  return out;
}

Json publisher(const Publisher& publisher) {
  Json out = attendee(publisher);
  add_codecs(out, publisher);
  return out.set("streams", streams(publisher));
}

Json publishers(const Room& room, const Publisher& except) {
  Json out = Json::array();
  for (const auto& [number, other] : room.publishers()) {
    if (other == &except || !other->up) {
      continue;
    }
    Json entry = publisher(*other);
    if (has_audio_levels(*other)) {
      entry.set("talking", false);
      const Json list = entry["streams"];
      for (std::size_t i = 0; i < list.size(); ++i) {
        if (Json one = list.at(i); one["type"].as_text() == "audio") {
          one.set("talking", false);
        }
      }
    }
    out.push(std::move(entry));
  }
  return out;
}

Json attendees(const Room& room, const Publisher& except) {
  Json out = Json::array();
  for (const auto& [number, other] : room.publishers()) {
    if (other != &except && !other->up) {
      out.push(attendee(*other));
    }
  }
  return out;
}

Json attendee(const Publisher& publisher) {
  Json out = Json::object({{"id", publisher.id}});
  if (publisher.display) {
    out.set("display", *publisher.display);
  }
  return out;
}

Json participant(const Publisher& publisher) {
  Json out = attendee(publisher);
  out.set("publisher", publisher.up);
  if (publisher.up && has_audio_levels(publisher)) {
    out.set("talking", false);
  }
  return out;
}

void add_negotiated(Json& body, const Publisher& publisher) {
  add_codecs(body, publisher);
  body.set("streams", streams(publisher));
}

Json subscription(const Subscriber& subscriber) {
  Json out = Json::array();
  for (const SubscribedStream& each : subscriber.streams()) {
    Json entry = Json::object({{"type", kind_name(each.kind)},
                               {"active", each.active()},
                               {"mindex", each.mindex},
                               {"mid", each.mid()},
                               {"ready", each.ready},
                               {"send", each.send}});
    if (!each.crossrefid.empty()) {
      entry.set("crossrefid", each.crossrefid);
    }
    const Publisher* source = subscriber.room().find(each.feed);
    const PublishedStream* from = source == nullptr ? nullptr : source->find(each.feed_mid);
    if (from != nullptr) {
      entry.set("feed_id", each.feed).set("feed_mid", each.feed_mid);
      if (source->display) {
        entry.set("feed_display", *source->display);
      }
      if (!from->description.empty()) {
        entry.set("feed_description", from->description);
      }
      if (!from->disabled()) {
        entry.set("codec", from->codec);
      }
    }
    out.push(std::move(entry));
  }
  return out;
}

}  // namespace cardea::videoroom::events
