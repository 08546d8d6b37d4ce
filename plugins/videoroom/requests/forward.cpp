// rtp_forward, stop_rtp_forward and listforwarders.
#include <algorithm>

#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/requests/common.hpp"

namespace cardea::videoroom::requests {

namespace {

Result<void> check_admin(const RoomHandle& handle, const Request& request) {
  const RoomRegistry& rooms = handle.rooms();
  return rooms.lock_rtp_forward()
             ? check_secret(rooms.admin_key(), request["admin_key"], "admin_key")
             : Result<void>();
}

std::uint32_t free_stream_id(const Publisher& publisher) {
  for (;;) {
    const auto id = static_cast<std::uint32_t>(random_number(32));
    const auto taken = [&](const Forwarder& each) { return each.id == id; };
    if (std::none_of(publisher.forwarders.begin(), publisher.forwarders.end(), taken)) {
      return id;
    }
  }
}

/// The members of one layer: "port", "ssrc", "pt" with what is before and behind their names.
struct Names {
  std::string before, behind;
  [[nodiscard]] std::string of(const char* name) const { return before + name + behind; }
};

Forwarder wanted(const Publisher& publisher, const Destination& to, const Json& entry,
                 const Names& names) {
  Forwarder out;
  out.id = free_stream_id(publisher);
  out.to = to;
  out.to.port = static_cast<std::uint16_t>(entry[names.of("port")].as_uint());
  out.ssrc = static_cast<std::uint32_t>(entry[names.of("ssrc")].as_uint());
  out.payload_type = static_cast<std::uint8_t>(entry[names.of("pt")].as_uint());
  return out;
}

/// One forwarder for the stream, or one for each layer that has a port.
Result<void> forward(Publisher& publisher, const PublishedStream& stream, const Destination& to,
                     const Json& entry, const std::string& prefix) {
  const RoomRegistry& rooms = publisher.room.rooms();
  const bool follows = entry["simulcast"].as_bool();
  const bool apart = stream.simulcast && !follows;
  for (std::int32_t layer = 0; layer < (apart ? static_cast<std::int32_t>(kLayers) : 1); ++layer) {
    const Names names{prefix, layer == 0 ? "" : "_" + std::to_string(layer + 1)};
    Forwarder forwarder = wanted(publisher, to, entry, names);
    if (forwarder.to.port == 0) {
      continue;
    }
    forwarder.simulcast = follows;
    if (apart) {
      forwarder.substream = layer;
    }
    if (layer == 0) {
      const Json rtcp = entry[prefix + "rtcp_port"];
      forwarder.to.rtcp_port = static_cast<std::uint16_t>(rtcp.as_uint());
    }
    if (stream.kind == CARDEA_DATA) {
      return error(kUnknownError, "Messages cannot be forwarded, audio and video can");
    }
    if (!rooms.has_place(publisher.forwarders.size(), rooms.bounds().forwarders, "forwarders")) {
      return error(kUnknownError, "The publisher has too many forwarders already");
    }
    if (!add_forwarder(publisher, stream, std::move(forwarder))) {
      return error(kUnknownError, "The stream could not be forwarded");
    }
  }
  return {};
}

/// Streams that the publisher has not are passed over, as Janus does.
Result<void> forward_listed(Publisher& publisher, const Request& request) {
  const Json streams = request["streams"];
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const Json entry = streams.at(i);
    const PublishedStream* stream = publisher.find(entry["mid"].as_text());
    if (stream == nullptr || stream->disabled) {
      continue;
    }
    Json place = Json::object();
    for (const char* name : {"host", "host_family"}) {
      place.set(name, entry[name] ? entry[name] : request[name]);
    }
    place.set("srtp_suite", request["srtp_suite"]).set("srtp_crypto", request["srtp_crypto"]);
    auto to = destination(place);
    if (!to) {
      return to.error();
    }
    if (auto made = forward(publisher, *stream, *to, entry, ""); !made) {
      return made;
    }
  }
  return {};
}

/// The deprecated form: the first stream of each kind.
Result<void> forward_first(Publisher& publisher, const Request& request, const Destination& to,
                           Json& answer) {
  for (const std::string kind : {"audio", "video", "data"}) {
    const auto stream = std::find_if(
        publisher.streams.begin(), publisher.streams.end(),
        [&](const auto& each) { return !each.disabled && kind == events::kind_name(each.kind); });
    if (stream == publisher.streams.end()) {
      continue;
    }
    const std::size_t before = publisher.forwarders.size();
    if (auto made = forward(publisher, *stream, to, request.body(), kind + "_"); !made) {
      return made;
    }
    for (std::size_t i = before; i < publisher.forwarders.size(); ++i) {
      const Forwarder& each = publisher.forwarders[i];
      const std::string behind = i == before ? "" : "_" + std::to_string(i - before + 1);
      answer.set(std::string(kind).append("_stream_id").append(behind), each.id);
      answer.set(kind + behind, static_cast<unsigned>(each.to.port));
    }
  }
  return {};
}

void undo(Publisher& publisher, std::size_t keep) {
  while (publisher.forwarders.size() > keep) {
    publisher.room.host().route_remove(publisher.forwarders.back().route);
    publisher.forwarders.pop_back();
  }
}

void notify(const Publisher& publisher, const char* event, const Forwarder& forwarder) {
  publisher.room.rooms().notify(0, description(forwarder)
                                       .set("event", event)
                                       .set("room", publisher.room.id)
                                       .set("publisher_id", publisher.id));
}

Json answered(const char* what, const Publisher& publisher) {
  return Json::object(
      {{"videoroom", what}, {"room", publisher.room.id}, {"publisher_id", publisher.id}});
}

}  // namespace

Answer rtp_forward(RoomHandle& handle, const Request& request) {
  if (auto checked = check_admin(handle, request); !checked) {
    return checked.error();
  }
  auto to = destination(request.body());
  if (!to) {
    return to.error();
  }
  auto found = managed_publisher(handle, request);
  if (!found) {
    return found.error();
  }
  Publisher& publisher = **found;
  const std::size_t before = publisher.forwarders.size();
  const bool listed = request["streams"].is_array();
  Json older = Json::object({{"warning", "deprecated_api"}, {"host", to->host}});
  const auto made =
      listed ? forward_listed(publisher, request) : forward_first(publisher, request, *to, older);
  if (!made) {
    undo(publisher, before);
    return made.error();
  }
  Json fresh = Json::array();
  for (std::size_t i = before; i < publisher.forwarders.size(); ++i) {
    fresh.push(description(publisher.forwarders[i]));
    notify(publisher, "rtp_forward", publisher.forwarders[i]);
  }
  Json body = answered("rtp_forward", publisher);
  return listed ? body.set("forwarders", fresh) : body.set("rtp_stream", older);
}

Answer stop_rtp_forward(RoomHandle& handle, const Request& request) {
  if (auto checked = check_admin(handle, request); !checked) {
    return checked.error();
  }
  auto found = managed_publisher(handle, request);
  if (!found) {
    return found.error();
  }
  Publisher& publisher = **found;
  const std::uint64_t id = request["stream_id"].as_uint();
  const auto forwarder = std::find_if(publisher.forwarders.begin(), publisher.forwarders.end(),
                                      [&](const Forwarder& each) { return each.id == id; });
  if (forwarder == publisher.forwarders.end()) {
    return error(kNoSuchFeed, "No such stream (" + std::to_string(id) + ")");
  }
  handle.host().route_remove(forwarder->route);
  notify(publisher, "stop_rtp_forward", *forwarder);
  publisher.forwarders.erase(forwarder);
  return answered("stop_rtp_forward", publisher).set("stream_id", id);
}

Answer listforwarders(RoomHandle& handle, const Request& request) {
  auto room = managed_room(handle, request);
  if (!room) {
    return room.error();
  }
  Json publishers = Json::array();
  for (const auto& [id, publisher] : (*room)->publishers()) {
    if (publisher->forwarders.empty()) {
      continue;
    }
    Json list = Json::array();
    for (const Forwarder& each : publisher->forwarders) {
      list.push(description(each));
    }
    Json entry = Json::object({{"publisher_id", id}, {"forwarders", list}});
    if (publisher->display) {
      entry.set("display", *publisher->display);
    }
    publishers.push(entry);
  }
  return Json::object(
      {{"videoroom", "forwarders"}, {"room", (*room)->id}, {"publishers", publishers}});
}

}  // namespace cardea::videoroom::requests
