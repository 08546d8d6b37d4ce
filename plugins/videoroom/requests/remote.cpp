// Publishers of other servers in our rooms, and ours in the rooms of others: wire-compatible with
// Janus. All streams of a publisher go to one port; an SSRC says which stream and layer it is.

#include <chrono>
#include <optional>
#include <thread>

#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/requests/common.hpp"

namespace cardea::videoroom::requests {

namespace {

std::optional<cardea_kind_t> kind_of(std::string_view type) {
  for (const cardea_kind_t kind : {CARDEA_AUDIO, CARDEA_VIDEO, CARDEA_DATA}) {
    if (type == events::kind_name(kind)) {
      return kind;
    }
  }
  return std::nullopt;
}

Result<void> read_codec(PublishedStream& stream, const Json& entry) {
  if (stream.kind == CARDEA_DATA) {
    return {};
  }
  const Json codec = entry["codec"];
  if (!codec) {
    return error(kMissingElement, "Missing mandatory element (codec)");
  }
  const bool known = stream.kind == CARDEA_AUDIO ? is_audio_codec(codec.as_text())
                                                 : is_video_codec(codec.as_text());
  if (!known) {
    return error(kMissingElement, "Invalid element value (unsupported codec)");
  }
  stream.codec = codec.text_or();
  if (const Json profile = entry["vp9_profile"]; profile && stream.codec == "vp9") {
    stream.fmtp = "profile-id=" + profile.text_or();
  }
  if (const Json profile = entry["h264_profile"]; profile && stream.codec == "h264") {
    stream.fmtp = "profile-level-id=" + profile.text_or();
  }
  return {};
}

Result<PublishedStream> read_stream(const Json& entry) {
  const auto kind = kind_of(entry["type"].as_text());
  if (!kind) {
    return error(kInvalidElement, "Invalid element value (type)");
  }
  PublishedStream out;
  out.kind = *kind;
  out.mid = entry["mid"].text_or();
  out.mindex = static_cast<std::uint32_t>(entry["mindex"].as_uint());
  out.description = entry["description"].text_or();
  if (auto read = read_codec(out, entry); !read) {
    return read.error();
  }
  out.disabled = entry["disabled"].as_bool();
  out.stereo = entry["stereo"].as_bool();
  out.fec = entry["fec"].as_bool();
  out.dtx = entry["dtx"].as_bool();
  out.simulcast = entry["simulcast"].as_bool();
  out.svc = entry["svc"].as_bool();
  return out;
}

Result<std::vector<PublishedStream>> read_streams(const Json& list) {
  if (list.size() == 0) {
    return error(kInvalidElement, "Invalid element value (streams can't be empty)");
  }
  std::vector<PublishedStream> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto stream = read_stream(list.at(i));
    if (!stream) {
      return stream.error();
    }
    out.push_back(std::move(*stream));
  }
  return out;
}

std::uint32_t clock_rate(const std::string& codec) {
  if (codec == "opus" || codec == "multiopus" || codec == "l16-48") {
    return 48'000;
  }
  if (codec == "isac32") {
    return 32'000;
  }
  if (codec == "isac16" || codec == "l16") {
    return 16'000;
  }
  return is_video_codec(codec) ? 90'000 : 8'000;
}

/// What comes on the port, as the media core has it; borrows from the publisher's streams.
struct Lines {
  std::vector<std::vector<std::uint32_t>> ssrcs;
  std::vector<cardea_plain_line_t> lines;
};

/// The streams get their places on the port. Messages are not carried between servers.
Lines lines_of(Publisher& publisher) {
  Lines out;
  for (PublishedStream& stream : publisher.streams) {
    if (stream.kind == CARDEA_DATA) {
      continue;
    }
    stream.line = static_cast<std::uint32_t>(out.lines.size());
    auto& own = out.ssrcs.emplace_back();
    for (std::uint32_t layer = 0; layer < (stream.simulcast ? kLayers : 1); ++layer) {
      own.push_back(remote_ssrc(stream.mindex, layer));
    }
    cardea_plain_line_t& line = out.lines.emplace_back();
    line.size = sizeof line;
    line.kind = stream.kind;
    line.codec = stream.codec.c_str();
    line.clock_rate = clock_rate(stream.codec);
    line.ssrcs = own.data();
    line.ssrc_count = own.size();
  }
  return out;
}

/// Opens the port. @returns false when it could not be had.
bool listen(Publisher& publisher) {
  const Lines streams = lines_of(publisher);
  const Ear& ear = publisher.ear;
  cardea_plain_receiver_t settings{};
  settings.size = sizeof settings;
  settings.address = sdk::to_str(ear.address);
  settings.port = ear.port;
  settings.srtp_suite = ear.srtp_suite;
  settings.srtp_key = sdk::to_str(ear.srtp_key);
  settings.lines = streams.lines.data();
  settings.line_count = streams.lines.size();
  settings.placement = publisher.room.id.hash();
  publisher.source = publisher.room.host().receiver_add(settings, publisher.ear.port);
  return publisher.source != 0;
}

/// The same port, with the streams that there are now. The media worker lets go of it soon after it
/// was told to, usually within a millisecond. @returns false when it has not.
bool listen_again(Publisher& publisher) {
  constexpr int kTries = 50;
  publisher.room.host().receiver_remove(publisher.source);
  for (int tries = 0; tries < kTries; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (listen(publisher)) {
      return true;
    }
  }
  return false;
}

Ear ear_of(const Request& request) {
  Ear out;
  out.address = request["iface"].text_or();
  out.port = static_cast<std::uint16_t>(request["port"].as_uint());
  if (request["srtp_suite"] && request["srtp_crypto"]) {
    out.srtp_suite = static_cast<int>(request["srtp_suite"].as_int());
    out.srtp_key = request["srtp_crypto"].text_or();
  }
  return out;
}

Result<Publisher*> remote_publisher(const Room& room, const Id& id) {
  Publisher* found = room.find(id);
  if (found == nullptr || !found->remote) {
    return error(kNoSuchFeed, "No such remote publisher (" + echoed(id.text()) + ")");
  }
  return found;
}

Error no_such_remote(const std::string& id) {
  return error(kNoSuchFeed, "No such remotization (" + echoed(id) + ")");
}

}  // namespace

Answer add_remote_publisher(RoomHandle& handle, const Request& request) {
  auto streams = read_streams(request["streams"]);
  if (!streams) {
    return streams.error();
  }
  auto found = managed_room(handle, request);
  if (!found) {
    return found.error();
  }
  Room& room = **found;
  const Id wished = Id::of(request["id"]);
  if (wished && room.find(wished) != nullptr) {
    return error(kIdExists, "User ID " + echoed(wished.text()) + " already exists");
  }
  const RoomRegistry& rooms = handle.rooms();
  if (!rooms.has_place(room.publishers().size(), rooms.bounds().participants, "participants")) {
    return error(kPublishersFull, "The room has no place for another participant");
  }
  auto guest = std::make_unique<Publisher>(room, wished ? wished : room.free_id(), nullptr);
  guest->remote = true;
  if (const Json display = request["display"]) {
    guest->display = display.text_or();
  }
  guest->streams = std::move(*streams);
  guest->ear = ear_of(request);
  if (!listen(*guest)) {
    return error(kUnknownError, "Could not open a UDP port for the remote publisher");
  }
  const Publisher& publisher = room.host_guest(std::move(guest));
  publisher.set_source();
  room.announce(publisher);
  Json answer = success().set("room", room.id).set("id", publisher.id);
  if (!publisher.ear.address.empty()) {
    answer.set("ip", publisher.ear.address);
  }
  const unsigned port = publisher.ear.port;
  return answer.set("port", port).set("rtcp_port", port);
}

Answer update_remote_publisher(RoomHandle& handle, const Request& request) {
  auto streams = read_streams(request["streams"]);
  if (!streams) {
    return streams.error();
  }
  auto room = managed_room(handle, request);
  if (!room) {
    return room.error();
  }
  auto found = remote_publisher(**room, Id::of(request["id"]));
  if (!found) {
    return found.error();
  }
  Publisher& publisher = **found;
  if (const Json display = request["display"]) {
    publisher.display = display.text_or();
  }
  for (PublishedStream& fresh : *streams) {
    if (PublishedStream* known = publisher.find(fresh.mid)) {
      fresh.moderated = known->moderated;
      *known = std::move(fresh);
    } else {
      publisher.streams.push_back(std::move(fresh));
    }
  }
  if (!listen_again(publisher)) {
    (*room)->remove_guest(publisher);
    return error(kUnknownError, "Could not open the UDP port again");
  }
  publisher.set_source();
  for (Subscriber* subscriber : (*room)->subscribers()) {
    subscriber->source_moved(publisher);
  }
  (*room)->renegotiated(publisher);
  return success();
}

Answer remove_remote_publisher(RoomHandle& handle, const Request& request) {
  auto room = managed_room(handle, request);
  if (!room) {
    return room.error();
  }
  auto found = remote_publisher(**room, Id::of(request["id"]));
  if (!found) {
    return found.error();
  }
  (*room)->remove_guest(**found);
  return success();
}

Answer publish_remotely(RoomHandle& handle, const Request& request) {
  auto to = destination(request.body());
  if (!to) {
    return to.error();
  }
  to->port = static_cast<std::uint16_t>(request["port"].as_uint());
  to->rtcp_port = static_cast<std::uint16_t>(request["rtcp_port"].as_uint());
  auto found = managed_publisher(handle, request);
  if (!found) {
    return found.error();
  }
  Publisher& publisher = **found;
  if (publisher.handle == nullptr) {
    return error(kInvalidElement, "Only a publisher of this server can go to another");
  }
  const std::string id = request["remote_id"].text_or();
  if (publisher.remotes.contains(id)) {
    return error(kIdExists, "Remotization already exists (" + echoed(id) + ")");
  }
  const RoomRegistry& rooms = handle.rooms();
  if (!rooms.has_place(publisher.remotes.size(), rooms.bounds().remotes, "remotes")) {
    return error(kUnknownError, "The publisher goes to too many servers already");
  }
  Remotization& remote = publisher.remotes[id];
  remote.to = std::move(*to);
  remotize(publisher, remote);
  return success().set("room", publisher.room.id).set("id", publisher.id).set("remote_id", id);
}

Answer unpublish_remotely(RoomHandle& handle, const Request& request) {
  auto found = managed_publisher(handle, request);
  if (!found) {
    return found.error();
  }
  Publisher& publisher = **found;
  const std::string id = request["remote_id"].text_or();
  const auto remote = publisher.remotes.find(id);
  if (remote == publisher.remotes.end()) {
    return no_such_remote(id);
  }
  stop(publisher, remote->second);
  publisher.remotes.erase(remote);
  return success().set("room", publisher.room.id).set("id", publisher.id);
}

Answer listremotes(RoomHandle& handle, const Request& request) {
  auto found = managed_publisher(handle, request);
  if (!found) {
    return found.error();
  }
  const Publisher& publisher = **found;
  Json list = Json::array();
  for (const auto& [id, remote] : publisher.remotes) {
    Json entry = Json::object({{"remote_id", id},
                               {"host", remote.to.host},
                               {"port", static_cast<unsigned>(remote.to.port)}});
    if (remote.to.rtcp_port != 0) {
      entry.set("rtcp_port", static_cast<unsigned>(remote.to.rtcp_port));
    }
    if (remote.to.srtp_suite != 0) {
      entry.set("srtp", true);
    }
    list.push(entry);
  }
  return success().set("room", publisher.room.id).set("id", publisher.id).set("list", list);
}

}  // namespace cardea::videoroom::requests
