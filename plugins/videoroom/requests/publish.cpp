// publish, configure and unpublish of a publisher.
#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/recording.hpp"
#include "plugins/videoroom/requests/common.hpp"
#include "plugins/videoroom/requests/publishing.hpp"

namespace cardea::videoroom::requests {

namespace {

Json configured(const Publisher& publisher) {
  return events::base(publisher.room.id).set("configured", "ok");
}

void set_bitrate(Publisher& publisher, const Json& wanted) {
  if (!wanted) {
    return;
  }
  publisher.own_bitrate = static_cast<std::uint32_t>(wanted.as_uint());
  publisher.set_source();
}

void set_display(Publisher& publisher, const Json& wanted) {
  if (!wanted || publisher.display == wanted.text_or()) {
    return;
  }
  publisher.display = wanted.text_or();
  const Json renamed = events::attendee(publisher).set("videoroom", "event");
  publisher.room.tell(renamed, &publisher);
}

void set_kind(Publisher& publisher, cardea_kind_t kind, const Json& send) {
  for (PublishedStream& stream : publisher.streams) {
    if (stream.kind == kind) {
      stream.send = send.as_bool(stream.send);
    }
  }
}

void request_keyframe(const Publisher& publisher, const PublishedStream& stream) {
  if (publisher.published && stream.kind == CARDEA_VIDEO) {
    publisher.room.host().request_keyframe(publisher.source, stream.line);
  }
}

Result<void> set_streams(Publisher& publisher, const Json& wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string_view mid = wanted.at(i)["mid"].as_text();
    if (publisher.find(mid) == nullptr) {
      return error(kNoSuchFeed, "No such mid '" + echoed(mid) + "' published");
    }
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Json entry = wanted.at(i);
    PublishedStream& stream = *publisher.find(entry["mid"].as_text());
    stream.send = entry["send"].as_bool(stream.send);
    stream.min_delay = static_cast<std::int32_t>(entry["min_delay"].as_int(stream.min_delay));
    stream.max_delay = static_cast<std::int32_t>(entry["max_delay"].as_int(stream.max_delay));
    if (entry["keyframe"].as_bool()) {
      request_keyframe(publisher, stream);
    }
  }
  return {};
}

/// The publisher's own idea of what talking is.
void set_talking(Publisher& publisher, const Request& request) {
  const Json packets = request["audio_active_packets"];
  const Json level = request["audio_level_average"];
  if (!packets && !level) {
    return;
  }
  if (packets.as_uint() > 0) {
    publisher.audio_active_packets = static_cast<std::uint32_t>(packets.as_uint());
  }
  publisher.audio_level_average =
      static_cast<std::uint32_t>(level.as_uint(publisher.audio_level_average));
  publisher.set_source();
}

/// Where recording is locked only the room's secret opens it; without it nothing changes.
void set_recording(Publisher& publisher, const Request& request) {
  const RoomOptions& options = publisher.room.options;
  const Json record = request["record"];
  const Json filename = request["filename"];
  if ((!record && !filename) ||
      (options.lock_record && !same_secret(options.secret, request["secret"].as_text()))) {
    return;
  }
  publisher.filename = filename.text_or(publisher.filename);
  publisher.record = record.as_bool(publisher.record);
  if (publisher.up) {
    follow_recording(publisher);
  }
}

void set_descriptions(Publisher& publisher, const Json& wanted) {
  bool changed = false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Json entry = wanted.at(i);
    if (PublishedStream* stream = publisher.find(entry["mid"].as_text())) {
      stream->description = entry["description"].text_or();
      changed = true;
    }
  }
  if (changed && publisher.up) {
    publisher.room.announce(publisher);
  }
}

/// What was negotiated in the end, for the offers to subscribers.
void take_negotiated(Publisher& publisher) {
  for (const cardea_mline_t& mline : publisher.room.host().mlines(publisher.source)) {
    for (PublishedStream& stream : publisher.streams) {
      if (stream.mindex == mline.index && mline.codec_count > 0) {
        stream.fmtp = mline.codecs[0].fmtp == nullptr ? "" : mline.codecs[0].fmtp;
      }
    }
  }
}

}  // namespace

Result<void> answer_offer(Publisher& publisher, const Request& request, Json body) {
  Room& room = publisher.room;
  if (!publisher.published && room.publishing() >= room.options.publishers) {
    return error(kPublishersFull, "Maximum number of publishers (" +
                                      std::to_string(room.options.publishers) +
                                      ") already reached");
  }
  if (room.options.require_e2ee && !request.e2ee()) {
    return error(kUnauthorized, "Room requires end-to-end encrypted media");
  }
  std::vector<PublishedStream> before = publisher.streams;
  const CodecWishes wishes{request["audiocodec"].text_or(), request["videocodec"].text_or()};
  publisher.streams = offered_streams(request, room.options, wishes, before);
  const Json descriptions = request["descriptions"];
  for (std::size_t i = 0; i < descriptions.size(); ++i) {
    if (PublishedStream* stream = publisher.find(descriptions.at(i)["mid"].as_text())) {
      stream->description = descriptions.at(i)["description"].text_or();
    }
  }
  const sdk::Plan plan = answer_for(request, room.options, publisher.streams);
  // Data that the answer refuses is none.
  std::erase_if(publisher.streams, [&](const PublishedStream& stream) {
    return stream.kind == CARDEA_DATA && plan.lines[stream.mindex].reject;
  });
  events::add_negotiated(body, publisher);
  if (auto sent = publisher.handle->event(request, body, &plan); !sent) {
    publisher.streams = std::move(before);
    return error(kInvalidSdp, "Error processing the offer: " + sent.error().message);
  }
  const bool again = publisher.published;
  publisher.published = true;
  publisher.e2ee = request.e2ee();
  take_negotiated(publisher);
  publisher.set_source();
  if (again) {
    room.renegotiated(publisher);
  }
  return {};
}

Result<void> apply_settings(Publisher& publisher, const Request& request) {
  if (auto set = set_streams(publisher, request["streams"]); !set) {
    return set;
  }
  set_bitrate(publisher, request["bitrate"]);
  set_display(publisher, request["display"]);
  set_kind(publisher, CARDEA_AUDIO, request["audio"]);
  set_kind(publisher, CARDEA_VIDEO, request["video"]);
  set_kind(publisher, CARDEA_DATA, request["data"]);
  set_talking(publisher, request);
  set_recording(publisher, request);
  if (!request.has_offer()) {
    set_descriptions(publisher, request["descriptions"]);
  }
  if (request["keyframe"].as_bool()) {
    for (const PublishedStream& stream : publisher.streams) {
      request_keyframe(publisher, stream);
    }
  }
  publisher.room.refresh_routes(publisher);
  publisher.room.rooms().notify(publisher.source, Json::object({{"event", "configured"},
                                                                {"room", publisher.room.id},
                                                                {"id", publisher.id},
                                                                {"bitrate", publisher.bitrate()}}));
  return {};
}

Answer publish(RoomHandle& handle, const Request& request) {
  const Publisher* publisher = handle.publisher();
  if (publisher != nullptr && publisher->up) {
    return error(kAlreadyPublished, "Can't publish, already published");
  }
  return configure_publisher(handle, request);
}

Answer configure_publisher(RoomHandle& handle, const Request& request) {
  Publisher* publisher = handle.publisher();
  if (publisher == nullptr) {
    return error(kNoSuchRoom, "No such room");
  }
  if (request.has_answer()) {
    return error(kInvalidSdpType, "A publisher makes offers, not answers");
  }
  if (request.has_offer()) {
    if (auto answered = answer_offer(*publisher, request, configured(*publisher)); !answered) {
      return answered.error();
    }
    static_cast<void>(apply_settings(*publisher, request));
    return Json();
  }
  if (auto applied = apply_settings(*publisher, request); !applied) {
    return applied.error();
  }
  return configured(*publisher);
}

Answer unpublish(RoomHandle& handle, const Request&) {
  const Publisher* publisher = handle.publisher();
  if (publisher == nullptr) {
    return error(kNoSuchRoom, "No such room");
  }
  if (!publisher->published) {
    return error(kNotPublished, "Can't unpublish, not published");
  }
  handle.unpublish();
  return events::base(publisher->room.id).set("unpublished", "ok");
}

}  // namespace cardea::videoroom::requests
