// What comes by sockets and streams, and how it is answered.
#include <utility>

#include "plugins/live/live.hpp"

namespace cardea::live {

namespace {

constexpr int kNormal = 1000;
constexpr int kPolicyViolation = 1008;
constexpr int kTryAgainLater = 1013;

Time now() { return std::chrono::steady_clock::now(); }

// Members stand beside the type or under "payload".
Json member(const Json& message, const char* name) {
  const Json inner = message["payload"];
  return message.has(name) ? message[name] : inner[name];
}

}  // namespace

struct Live::SocketEvents {
  template <typename Call>
  static void run(void* argument, const char* what, Call call) {
    Live& live = *static_cast<Live*>(argument);
    sdk::guarded(live.host_, what, [&] { call(live); });
  }
  static constexpr cardea_socket_events_t kTable{
      sizeof(cardea_socket_events_t),
      [](void* argument, cardea_socket_t socket) {
        run(argument, "socket opened", [&](Live& live) { live.socket_opened(socket); });
      },
      [](void* argument, cardea_socket_t socket, cardea_str_t text) {
        run(argument, "socket message",
            [&](Live& live) { live.socket_message(socket, sdk::to_view(text)); });
      },
      [](void* argument, cardea_socket_t socket) {
        run(argument, "socket closed", [&](Live& live) { live.socket_closed(socket); });
      }};
};

const cardea_socket_events_t& Live::socket_events() { return SocketEvents::kTable; }

void Live::socket_opened(cardea_socket_t socket) {
  const auto found = newcomers_.find(socket);
  if (found == newcomers_.end() || found->second.who.rank == CARDEA_RANK_NOBODY) {
    return;
  }
  const Newcomer newcomer = std::move(found->second);
  newcomers_.erase(found);
  hello(begin(newcomer, {socket, 0}));
}

void Live::socket_message(cardea_socket_t socket, std::string_view text) {
  const auto parsed = Json::parse(text);
  if (!parsed || !parsed->is_object() || !(*parsed)["type"].is_string()) {
    error(socket, "invalid_json",
          parsed ? "a message is an object with a type" : parsed.error().message);
    return;
  }
  Session* session = sessions_.of_socket(socket);
  if (session == nullptr) {
    first_message(socket, *parsed);
    return;
  }
  session->heard = now();
  obey(*session, plain_type((*parsed)["type"].as_text()), *parsed);
}

void Live::socket_closed(cardea_socket_t socket) {
  newcomers_.erase(socket);
  if (Session* session = sessions_.of_socket(socket)) {
    go_away(*session);
  }
}

void Live::stream_gone(cardea_rest_call_t stream) {
  if (Session* session = sessions_.of_stream(stream)) {
    go_away(*session);
  }
}

// Of a socket that came without a token: {"type":"auth","token":T}.
void Live::first_message(cardea_socket_t socket, const Json& message) {
  const auto found = newcomers_.find(socket);
  if (found == newcomers_.end()) {
    return;
  }
  const std::string token = member(message, "token").text_or();
  const auto who = plain_type(message["type"].as_text()) == "auth" ? identify(token) : std::nullopt;
  newcomers_.erase(found);
  if (!who) {
    close_socket(socket, kPolicyViolation, "not a valid token");
  } else if (sessions_.lines_of(who->id).sockets >= settings_.sockets_per_user) {
    server_.limit_hit("live_sockets_per_user");
    close_socket(socket, kTryAgainLater, "too many event sockets");
  } else {
    hello(begin({*who, token, {}}, {socket, 0}));
  }
}

Session& Live::begin(const Newcomer& newcomer, Line line) {
  Session& session = sessions_.begin(newcomer.who, newcomer.token, line, now());
  tell_change(session, CARDEA_LIVE_BEGAN);
  return session;
}

void Live::hello(Session& session) {
  const auto interval = std::chrono::milliseconds(settings_.heartbeat_timeout) / 3;
  send(session,
       Json::object({{"type", "hello"},
                     {"session_id", session.id},
                     {"heartbeat_interval_ms", interval.count()}})
           .dump(),
       0);
}

void Live::obey(Session& session, const std::string& type, const Json& message) {
  if (type == "ping" || type == "heartbeat") {
    Json pong = Json::object({{"type", "pong"}});
    pong.set("timestamp", member(message, "timestamp"));
    say(session.line.socket, pong);
  } else if (type == "resume") {
    resume(session, message);
  } else if (type == "auth") {
    renew(session, message);
  } else if (type == "leave") {
    const Line line = session.line;
    end(session.number, CARDEA_LIVE_LEFT);
    cut(line, kNormal, "left");
  } else {
    pass_on(session, type, message);
  }
}

// The device is the one that an earlier session stood for.
void Live::resume(Session& fresh, const Json& message) {
  const cardea_socket_t socket = fresh.line.socket;
  Session* old = sessions_.find_id(member(message, "session_id").as_text());
  const std::uint64_t seq = member(message, "last_seq").as_uint();
  const bool known = old != nullptr && old != &fresh && old->who.id == fresh.who.id;
  if (!known || !old->backlog.after(seq)) {
    say(socket, Json::object({{"type", "invalid_session"}}));
    return;
  }
  const std::string token = fresh.token;
  const sdk::Principal who = fresh.who;
  sessions_.detach(fresh, now());
  sessions_.attach(*old, {socket, 0}, now());
  old->token = token;
  old->who = who;
  tell_change(*old, CARDEA_LIVE_BACK);
  end(fresh.number, CARDEA_LIVE_ENDED);
  replay(*old, seq);
}

void Live::replay(Session& session, std::uint64_t last_seq) {
  const auto missed = session.backlog.after(last_seq);
  for (const std::string& text : *missed) {
    if (session.line.connected()) {
      send(session, text, ++last_seq);
    }
  }
  if (!session.line.connected()) {
    return;
  }
  send(session,
       Json::object(
           {{"type", "resumed"}, {"session_id", session.id}, {"replayed_count", missed->size()}})
           .dump(),
       0);
}

void Live::renew(Session& session, const Json& message) {
  const std::string token = member(message, "token").text_or();
  const auto who = identify(token);
  if (!who || who->id != session.who.id) {
    error(session.line.socket, "invalid_token", "not a valid token of this user");
    return;
  }
  session.who = *who;
  session.token = token;
  say(session.line.socket, Json::object({{"type", "auth_ok"}}));
}

void Live::pass_on(Session& session, const std::string& type, const Json& message) {
  const auto found = by_type_.find(type);
  if (found == by_type_.end() || found->second.table->message == nullptr) {
    error(session.line.socket, "unknown_message_type",
          "nobody here knows messages of type " + message["type"].text_or());
    return;
  }
  Json payload = message["payload"];
  if (!payload) {
    payload = message;
  } else if (!payload.is_object()) {
    error(session.line.socket, "invalid_json", "a payload is an object");
    return;
  }
  const Listener listener = found->second;
  const std::string text = payload.dump();
  const cardea_principal_t who = view_of(session.who);
  listener.table->message(listener.argument, session.number, &who, sdk::to_str(type),
                          sdk::to_str(text));
}

void Live::go_away(Session& session) {
  sessions_.detach(session, now());
  tell_change(session, CARDEA_LIVE_AWAY);
}

void Live::end(cardea_live_session_t number, cardea_live_change_t how) {
  const Session* session = sessions_.find(number);
  if (session == nullptr) {
    return;
  }
  if (how != CARDEA_LIVE_ENDED) {
    tell_change(*session, how);
  }
  tell_change(*session, CARDEA_LIVE_ENDED);
  sessions_.end(number);
}

void Live::refuse(Session& session, std::string_view reason) {
  const Line line = session.line;
  end(session.number, CARDEA_LIVE_ENDED);
  cut(line, kPolicyViolation, reason);
}

void Live::send(Session& session, std::string_view text, std::uint64_t seq) {
  if (session.line.socket != 0) {
    sockets_->send(host_.context(), session.line.socket, sdk::to_str(text));
    return;
  }
  std::string event =
      seq == 0 ? std::string() : "id: " + session.id + ":" + std::to_string(seq) + "\n";
  event.append("data: ").append(text).append("\n\n");
  if (streams_->stream_write(host_.context(), session.line.stream, sdk::to_str(event)) < 0) {
    go_away(session);
  }
}

void Live::cut(const Line& line, int code, std::string_view reason) {
  if (line.socket != 0) {
    close_socket(line.socket, code, reason);
  }
  if (line.stream != 0) {
    streams_->stream_end(host_.context(), line.stream);
  }
}

void Live::close_socket(cardea_socket_t socket, int code, std::string_view reason) const {
  sockets_->close(host_.context(), socket, code, sdk::to_str(reason));
}

void Live::say(cardea_socket_t socket, const Json& message) const {
  sockets_->send(host_.context(), socket, sdk::to_str(message.dump()));
}

void Live::error(cardea_socket_t socket, const char* code, const std::string& text) const {
  say(socket, Json::object({{"type", "error"}, {"code", code}, {"message", text}}));
}

}  // namespace cardea::live
