#include "plugins/videoroom/events.hpp"

#include "plugins/videoroom/room.hpp"
#include "plugins/videoroom/subscriber.hpp"

namespace cardea::videoroom::events {

namespace {

bool has_audio_levels(const Publisher& publisher) {
  return !publisher.dummy && publisher.room.options.audiolevel_ext &&
         !publisher.codec(CARDEA_AUDIO).empty();
}

// The value of a parameter of an fmtp line; empty when it is not there.
std::string_view fmtp_value(std::string_view fmtp, std::string_view name) {
  const std::size_t at = fmtp.find(name);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = fmtp.substr(at + name.size());
  return rest.substr(0, rest.find(';'));
}

void add_profile(Json& out, const PublishedStream& stream) {
  if (stream.codec == "vp9") {
    if (const auto profile = fmtp_value(stream.fmtp, "profile-id="); !profile.empty()) {
      out.set("vp9_profile", profile);
    }
  } else if (stream.codec == "h264") {
    if (const auto profile = fmtp_value(stream.fmtp, "profile-level-id="); !profile.empty()) {
      out.set("h264_profile", profile);
    }
  }
}

Json stream(const PublishedStream& stream) {
  Json out = Json::object(
      {{"type", kind_name(stream.kind)}, {"mindex", stream.mindex}, {"mid", stream.mid}});
  if (stream.disabled) {
    return out.set("disabled", true);
  }
  if (!stream.codec.empty()) {
    out.set("codec", stream.codec);
  }
  if (!stream.description.empty()) {
    out.set("description", stream.description);
  }
  const auto when_on = [&](const char* key, bool on) {
    if (on) {
      out.set(key, true);
    }
  };
  when_on("fec", stream.fec);
  when_on("dtx", stream.dtx);
  when_on("stereo", stream.stereo);
  when_on("moderated", stream.moderated);
  when_on("simulcast", stream.simulcast);
  when_on("svc", stream.svc);
  add_profile(out, stream);
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

void add_layers(Json& entry, const SubscribedStream& to, const PublishedStream& from) {
  constexpr int kHighest = 2;
  const auto wish = [](std::int32_t layer) { return layer < 0 ? kHighest : layer; };
  if (from.simulcast) {
    entry.set("simulcast", Json::object({{"substream", to.substream},
                                         {"substream-target", wish(to.wish.substream)},
                                         {"temporal-layer", to.temporal},
                                         {"temporal-layer-target", wish(to.wish.temporal)}}));
  } else if (from.svc) {
    entry.set("svc", Json::object({{"spatial-layer", to.substream},
                                   {"spatial-layer-target", wish(to.wish.substream)},
                                   {"temporal-layer", to.temporal},
                                   {"temporal-layer-target", wish(to.wish.temporal)}}));
  }
  if (to.min_delay >= 0 && to.max_delay >= 0) {
    entry.set("playout-delay",
              Json::object({{"min-delay", to.min_delay}, {"max-delay", to.max_delay}}));
  }
}

void add_source(Json& entry, const Subscriber& subscriber, const SubscribedStream& each) {
  const Publisher* source = subscriber.room().find(each.feed);
  const PublishedStream* from = source == nullptr ? nullptr : source->find(each.feed_mid);
  if (from == nullptr) {
    return;
  }
  entry.set("feed_id", each.feed).set("feed_mid", each.feed_mid);
  if (source->display) {
    entry.set("feed_display", *source->display);
  }
  if (!from->description.empty()) {
    entry.set("feed_description", from->description);
  }
  if (!from->codec.empty()) {
    entry.set("codec", from->codec);
  }
  add_profile(entry, *from);
  add_layers(entry, each, *from);
}

Json subscribed(const Subscriber& subscriber, const SubscribedStream& each) {
  Json entry = Json::object({{"type", kind_name(each.kind)},
                             {"active", each.active()},
                             {"mindex", each.mindex},
                             {"mid", each.mid()},
                             {"ready", each.ready},
                             {"send", each.send}});
  if (!each.crossrefid.empty()) {
    entry.set("crossrefid", each.crossrefid);
  }
  add_source(entry, subscriber, each);
  if (!each.sources.empty()) {
    Json ids = Json::array();
    for (const DataSource& source : each.sources) {
      ids.push(source.feed);
    }
    entry.set("sources", each.sources.size()).set("source_ids", ids);
  }
  return entry;
}

}  // namespace

Json base(const Id& room) { return Json::object({{"videoroom", "event"}, {"room", room}}); }

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
  if (publisher.dummy) {
    out.set("dummy", true);
  }
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
      entry.set("talking", other->talking());
      const Json list = entry["streams"];
      for (std::size_t i = 0; i < list.size(); ++i) {
        if (const PublishedStream& each = other->streams[i];
            each.kind == CARDEA_AUDIO && !each.disabled) {
          Json(list.at(i)).set("talking", each.talking);
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
  if (publisher.dummy) {
    out.set("dummy", true);
  }
  if (publisher.remote) {
    out.set("remote", true);
  }
  out.set("publisher", publisher.up);
  if (publisher.up && has_audio_levels(publisher)) {
    out.set("talking", publisher.talking());
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
    out.push(subscribed(subscriber, each));
  }
  return out;
}

Json talking(const Publisher& publisher, const PublishedStream& stream, double level) {
  return Json::object({{"videoroom", stream.talking ? "talking" : "stopped-talking"},
                       {"room", publisher.room.id},
                       {"id", publisher.id},
                       {"mindex", stream.mindex},
                       {"mid", stream.mid},
                       {"audio-level-dBov-avg", level}});
}

}  // namespace cardea::videoroom::events
