#include "plugins/whip/publication.hpp"

#include <utility>

namespace cardea::whip {

namespace {

constexpr std::uint32_t kDeadlineMs = 15'000;

constexpr int kBadRequest = 400;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kUnavailable = 503;
constexpr int kTimedOut = 504;

// Janus's documentation, "VideoRoom plugin".
int status_of(std::int64_t videoroom_error) {
  switch (videoroom_error) {
    case 426:  // no such room
      return kNotFound;
    case 433:  // wrong pin or token
    case 429:  // no pin
      return kForbidden;
    case 432:  // as many publishers as there may be
      return kUnavailable;
    default:
      return kBadRequest;
  }
}

}  // namespace

Publication::Publication(const Ports& ports, Ended ended)
    : ports_(ports),
      ended_(std::move(ended)),
      client_(ports.host, ports.clients, [this](const Json& message) { take(message); }) {}

Publication::~Publication() {
  if (timer_) {
    ports_.timers->timer_cancel(ports_.host.context(), *timer_);
  }
}

void Publication::publish(Json join, std::string offer, Done done) {
  join_ = std::move(join);
  offer_ = std::move(offer);
  done_ = std::move(done);
  timer_ = ports_.timers->timer_start(
      ports_.host.context(), kDeadlineMs,
      [](void* argument) {
        auto& self = *static_cast<Publication*>(argument);
        self.timer_.reset();
        self.settle(Error{"the room did not answer in time", kTimedOut});
      },
      this);
  send(Json::object({{"janus", "create"}}), "create");
}

bool Publication::renew(std::string offer, Done done) {
  if (done_) {
    return false;
  }
  offer_ = std::move(offer);
  done_ = std::move(done);
  request(Json::object({{"request", "configure"}}));
  return true;
}

void Publication::take(const Json& message) {
  const std::string_view transaction = message["transaction"].as_text();
  const std::string_view kind = message["janus"].as_text();
  if (kind == "ack") {
    return;
  }
  if (kind == "error") {
    const Json error = message["error"];
    settle(Error{error["reason"].text_or(), kBadRequest});
  } else if (transaction == "create") {
    session_ = message["data"]["id"].as_uint();
    send(Json::object({{"janus", "attach"}, {"plugin", "janus.plugin.videoroom"}}), "attach");
  } else if (transaction == "attach") {
    handle_ = message["data"]["id"].as_uint();
    request(join_.set("request", "joinandconfigure").set("ptype", "publisher"));
  } else if (transaction == "offer") {
    take_answer(message);
  } else {
    take_news(message);
  }
}

void Publication::take_answer(const Json& message) {
  const Json data = message["plugindata"]["data"];
  if (const Json code = data["error_code"]) {
    settle(Error{data["error"].text_or(), status_of(code.as_int())});
  } else if (const Json jsep = message["jsep"]) {
    settle(jsep["sdp"].text_or());
  }
}

void Publication::take_news(const Json& message) {
  const std::string_view kind = message["janus"].as_text();
  const Json data = message["plugindata"]["data"];
  const bool left = data["leaving"].as_text() == "ok" || data["unpublished"].as_text() == "ok" ||
                    data["videoroom"].as_text() == "destroyed";
  if (kind == "hangup" || kind == "detached" || kind == "timeout" || left) {
    const Ended ended = ended_;
    ended();
  }
}

void Publication::send(Json message, const char* transaction) {
  message.set("transaction", transaction);
  if (session_ != 0) {
    message.set("session_id", session_);
  }
  if (handle_ != 0) {
    message.set("handle_id", handle_);
  }
  if (!client_.send(message)) {
    settle(Error{"the server is full", kUnavailable});
  }
}

void Publication::request(Json body) {
  const Json jsep = Json::object({{"type", "offer"}, {"sdp", std::exchange(offer_, {})}});
  send(Json::object({{"janus", "message"}, {"body", std::move(body)}, {"jsep", jsep}}), "offer");
}

void Publication::settle(const Result<std::string>& answer) {
  if (timer_) {
    ports_.timers->timer_cancel(ports_.host.context(), *timer_);
    timer_.reset();
  }
  if (done_) {
    // It may destroy us.
    const Done done = std::exchange(done_, nullptr);
    done(answer);
  }
}

}  // namespace cardea::whip
