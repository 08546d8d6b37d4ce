#include "plugins/rooms/media.hpp"

#include <utility>

#include <cardea/sdk/ids.hpp>

namespace cardea::rooms {

namespace {

constexpr const char* kCreate = "create";
constexpr const char* kAttach = "attach";

}  // namespace

Media::Media(const sdk::Host& host, std::string admin_key)
    : host_(host),
      admin_key_(std::move(admin_key)),
      client_(host_, host_.get_interface<cardea_client_host_t>(CARDEA_CLIENT),
              [this](const Json& message) { take(message); }) {}

void Media::ensure(const Room& room, Done done) {
  if (has(room.janus_room)) {
    done({});
    return;
  }
  const std::string secret = sdk::random_text(4);
  Json body = Json::object({{"request", "create"},
                            {"room", room.janus_room},
                            {"description", room.name},
                            {"secret", secret},
                            {"is_private", true},
                            {"notify_joining", true},
                            {"publishers", room.max_publishers},
                            {"bitrate", room.bitrate},
                            {"bitrate_cap", room.bitrate != 0}});
  if (!admin_key_.empty()) {
    body.set("admin_key", admin_key_);
  }
  const std::uint64_t number = room.janus_room;
  request(body, [this, number, secret, done = std::move(done)](const std::string& problem) {
    // Two who came at once: the second one finds that it is there.
    if (problem.empty()) {
      secrets_[number] = secret;
    }
    done(has(number) ? std::string() : problem);
  });
}

void Media::change(const Room& room) {
  if (has(room.janus_room)) {
    request(Json::object({{"request", "edit"},
                          {"room", room.janus_room},
                          {"secret", secrets_[room.janus_room]},
                          {"new_description", room.name},
                          {"new_publishers", room.max_publishers},
                          {"new_bitrate", room.bitrate}}));
  }
}

void Media::destroy(std::uint64_t janus_room) {
  if (has(janus_room)) {
    request(Json::object(
        {{"request", "destroy"}, {"room", janus_room}, {"secret", secrets_[janus_room]}}));
    secrets_.erase(janus_room);
  }
}

void Media::kick(std::uint64_t janus_room, std::uint64_t participant) {
  if (has(janus_room)) {
    request(Json::object({{"request", "kick"},
                          {"room", janus_room},
                          {"secret", secrets_[janus_room]},
                          {"id", participant}}));
  }
}

void Media::mute(std::uint64_t janus_room, std::uint64_t participant, const std::string& mid,
                 bool muted) {
  if (has(janus_room)) {
    request(Json::object({{"request", "moderate"},
                          {"room", janus_room},
                          {"secret", secrets_[janus_room]},
                          {"id", participant},
                          {"mid", mid},
                          {"mute", muted}}));
  }
}

void Media::take(const Json& message) {
  const std::string transaction = message["transaction"].text_or();
  if (transaction == kCreate) {
    session_ = message["data"]["id"].as_uint();
    send(Json::object({{"janus", "attach"}, {"plugin", "janus.plugin.videoroom"}}), kAttach);
  } else if (transaction == kAttach) {
    handle_ = message["data"]["id"].as_uint();
    while (handle_ != 0 && !unsent_.empty()) {
      auto [body, done] = std::move(unsent_.front());
      unsent_.pop_front();
      request(std::move(body), std::move(done));
    }
  } else if (message["janus"].as_text() != "ack") {
    answered(transaction, message);
  }
}

void Media::answered(const std::string& transaction, const Json& message) {
  const auto found = waiting_.find(transaction);
  if (found == waiting_.end()) {
    return;
  }
  const Done done = std::move(found->second);
  waiting_.erase(found);
  const Json data = message["plugindata"]["data"];
  const std::string problem = message["janus"].as_text() == "error"
                                  ? message["error"]["reason"].text_or()
                                  : data["error"].text_or();
  if (done) {
    done(problem);
  } else if (!problem.empty()) {
    host_.debug("videoroom: " + problem);
  }
}

void Media::request(Json body, Done done) {
  if (handle_ == 0) {
    if (session_ == 0 && unsent_.empty()) {
      send(Json::object({{"janus", "create"}}), kCreate);
    }
    unsent_.emplace_back(std::move(body), std::move(done));
    return;
  }
  const std::string transaction = std::to_string(++last_);
  waiting_[transaction] = std::move(done);
  send(Json::object({{"janus", "message"}, {"body", std::move(body)}}), transaction);
}

void Media::send(Json message, const std::string& transaction) {
  message.set("transaction", transaction);
  if (session_ != 0) {
    message.set("session_id", session_);
  }
  if (handle_ != 0) {
    message.set("handle_id", handle_);
  }
  if (!client_.send(message)) {
    answered(transaction,
             Json::object({{"janus", "error"}, {"error", Json::object({{"reason", "full"}})}}));
  }
}

}  // namespace cardea::rooms
