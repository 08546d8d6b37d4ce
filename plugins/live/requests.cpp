// The REST operations: how sockets and streams begin, heartbeats, and leaving.
#include <array>
#include <charconv>
#include <utility>

#include "plugins/live/operations.hpp"

namespace cardea::live {

namespace {

namespace param = sdk::param;

constexpr std::string_view kBearer = "Bearer ";

std::string token_of(const sdk::RestCall& call) {
  const std::string_view header = call.header("authorization");
  return header.starts_with(kBearer) ? std::string(header.substr(kBearer.size()))
                                     : call["token"].text_or();
}

constexpr std::array kToken{param::text("token", 8192, "in place of the Authorization header")};
constexpr std::array kSession{param::text("session_id", 64, "of one device; all of this login")};

using Operation = sdk::RestOperation<Live>;
constexpr std::array kOperations{
    Operation{.id = "live.socket",
              .method = "GET",
              .path = "/ws",
              .handle = sdk::rest_method<&Live::open_socket>(),
              .access = CARDEA_RANK_NOBODY,
              .params = kToken,
              .status = 101,
              .help = "A WebSocket with the events that concern the user",
              .query_token = true},
    Operation{.id = "live.stream",
              .method = "GET",
              .path = "/events",
              .handle = sdk::rest_method<&Live::open_stream>(),
              .access = CARDEA_RANK_GUEST,
              .params = kToken,
              .help = "The same events as a stream (Server-Sent Events)",
              .result_type = "text/event-stream",
              .query_token = true},
    Operation{.id = "live.ping",
              .method = "POST",
              .path = "/events/ping",
              .handle = sdk::rest_method<&Live::ping>(),
              .access = CARDEA_RANK_GUEST,
              .params = kSession,
              .status = 204,
              .help = "A sign of life for event streams",
              .uncounted = true},
    Operation{.id = "live.leave",
              .method = "POST",
              .path = "/events/leave",
              .handle = sdk::rest_method<&Live::leave>(),
              .access = CARDEA_RANK_NOBODY,
              .status = 204,
              .help = "The page goes: others hear of it at once. JSON with token and session_id",
              .body_types = "application/json|text/plain"},
};

}  // namespace

std::span<const sdk::RestOperation<Live>> operations() { return kOperations; }

void Live::open_socket(sdk::RestCall call) {
  Newcomer newcomer{call.principal(), token_of(call), std::chrono::steady_clock::now()};
  if (newcomer.who.rank != CARDEA_RANK_NOBODY) {
    const std::size_t open = sessions_.lines_of(newcomer.who.id).sockets;
    if (open >= settings_.sockets_per_user) {
      server_.limit_hit("live_sockets_per_user");
      call.fail({429,
                 "too_many_sockets",
                 "This user has too many event sockets open",
                 {},
                 {{"Retry-After", "10"}}});
      return;
    }
  }
  if (sessions_.size() + newcomers_.size() >= settings_.sessions) {
    server_.limit_hit("live_sessions");
    call.fail({503, "full", "Too many devices are connected", {}, {{"Retry-After", "30"}}});
    return;
  }
  const cardea_socket_t socket = call.accept(*sockets_, socket_events(), this);
  if (socket == 0) {
    call.fail({426, "upgrade_required", "This is a WebSocket", {}, {{"Upgrade", "websocket"}}});
    return;
  }
  newcomers_[socket] = std::move(newcomer);
}

void Live::open_stream(sdk::RestCall call) {
  const sdk::Principal who = call.principal();
  const bool many = sessions_.lines_of(who.id).streams >= settings_.streams_per_user;
  if (many || sessions_.streams() >= settings_.streams || sessions_.size() >= settings_.sessions) {
    server_.limit_hit("live_streams");
    call.fail(
        {429, "too_many_streams", "Too many event streams are open", {}, {{"Retry-After", "10"}}});
    return;
  }
  const std::string token = token_of(call);
  const std::string last(call.header("last-event-id"));
  const cardea_rest_call_t stream = call.begin_stream({{"Content-Type", "text/event-stream"},
                                                       {"Cache-Control", "no-cache"},
                                                       {"X-Accel-Buffering", "no"}});
  if (stream == 0 || streams_->stream_write(host_.context(), stream, sdk::to_str(":ok\n\n")) < 0) {
    return;
  }
  // "<session>:<seq>", as the browser repeats it.
  const std::size_t colon = last.find(':');
  Session* old = colon == std::string::npos ? nullptr : sessions_.find_id(last.substr(0, colon));
  std::uint64_t seq = 0;
  if (old != nullptr && old->who.id == who.id) {
    std::from_chars(last.data() + colon + 1, last.data() + last.size(), seq);
    if (old->backlog.after(seq)) {
      sessions_.attach(*old, {0, stream}, std::chrono::steady_clock::now());
      tell_change(*old, CARDEA_LIVE_BACK);
      replay(*old, seq);
      return;
    }
  }
  hello(begin({who, token, {}}, {0, stream}));
}

void Live::ping(sdk::RestCall call) {
  const std::string id = call["session_id"].text_or();
  for (const auto number : sessions_.numbers_of(call.principal().id)) {
    Session& session = *sessions_.find(number);
    if (id.empty() ? session.who.session == call.principal().session : session.id == id) {
      session.heard = std::chrono::steady_clock::now();
    }
  }
  call.reply();
}

void Live::leave(sdk::RestCall call) {
  const auto body = Json::parse(call.body());
  const Json said = body && body->is_object() ? *body : Json::object();
  const auto who = call.principal().rank != CARDEA_RANK_NOBODY ? std::optional(call.principal())
                                                               : identify(said["token"].as_text());
  if (!who) {
    call.fail(401, "unauthorized", "A token is needed, in the header or in the body");
    return;
  }
  const std::string id = said["session_id"].text_or();
  for (const auto number : sessions_.numbers_of(who->id)) {
    const Session& session = *sessions_.find(number);
    if (id.empty() ? session.who.session == who->session : session.id == id) {
      const Line line = session.line;
      end(number, CARDEA_LIVE_LEFT);
      cut(line, 1000, "left");
    }
  }
  call.reply();
}

}  // namespace cardea::live
