// The module itself, what it offers to others, and its clock.
#include <algorithm>
#include <array>
#include <utility>

#include "plugins/live/live.hpp"
#include "plugins/live/operations.hpp"

namespace cardea::live {

namespace {

constexpr std::uint32_t kTick = 1000;  // ms
constexpr auto kFirstMessage = std::chrono::seconds(10);
constexpr auto kStreamPing = std::chrono::seconds(30);
constexpr int kPolicyViolation = 1008;
constexpr int kAbnormal = 1001;
constexpr const char* kChannel = "live";
constexpr const char* kWanted[] = {CARDEA_BUS_MODULE, "?cardea.plugin.auth", nullptr};

std::chrono::seconds seconds(const Json& section, const char* key) {
  return std::chrono::seconds(section[key].as_int());
}

Settings read_settings(const Json& config) {
  const Json ws = config["ws"];
  const Json live = config["live"];
  Settings out;
  out.sockets_per_user = ws["max_per_user"].as_uint();
  out.streams_per_user = live["streams_per_user"].as_uint();
  out.streams = live["streams"].as_uint();
  out.sessions = live["sessions"].as_uint();
  out.heartbeat_timeout = seconds(ws, "heartbeat_timeout");
  out.resume_within = seconds(ws, "resume_within");
  out.reauth = std::chrono::hours(ws["reauth_hours"].as_int());
  return out;
}

std::int64_t wall_clock() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since_1970).count();
}

Time now() { return std::chrono::steady_clock::now(); }

}  // namespace

// The C entries; `instance` is the module.
struct Live::Service {
  static Live& self(void* instance) { return *static_cast<Live*>(instance); }
  template <typename Call>
  static void run(void* instance, const char* what, Call call) {
    sdk::guarded(self(instance).host_, what, [&] { call(self(instance)); });
  }

  static int listen(void* instance, const cardea_live_listener_t* listener, void* argument,
                    const char* const* types) {
    return sdk::guarded(self(instance).host_, "listen", -1, [&] {
      Live& live = self(instance);
      std::vector<std::string> names;
      for (const char* const* type = types; type != nullptr && *type != nullptr; ++type) {
        names.push_back(plain_type(*type));
        if (live.by_type_.contains(names.back())) {
          return -1;
        }
      }
      live.listeners_.push_back({listener, argument});
      for (const std::string& name : names) {
        live.by_type_[name] = live.listeners_.back();
      }
      return 0;
    });
  }
  static void to_session(void* instance, cardea_live_session_t number, cardea_str_t type,
                         cardea_str_t payload) {
    run(instance, "to_session", [&](Live& live) {
      if (Session* session = live.sessions_.find(number)) {
        live.sessions_.tell(*session, sdk::to_view(type), sdk::to_view(payload));
      }
    });
  }
  static void to_user(void* instance, cardea_str_t user, cardea_str_t type, cardea_str_t payload) {
    run(instance, "to_user", [&](Live& live) {
      live.spread("user", sdk::to_view(user), sdk::to_view(type), sdk::to_view(payload));
    });
  }
  static void to_topic(void* instance, cardea_str_t topic, cardea_str_t type,
                       cardea_str_t payload) {
    run(instance, "to_topic", [&](Live& live) {
      live.spread("topic", sdk::to_view(topic), sdk::to_view(type), sdk::to_view(payload));
    });
  }
  static void to_all(void* instance, cardea_str_t type, cardea_str_t payload) {
    run(instance, "to_all",
        [&](Live& live) { live.spread("all", {}, sdk::to_view(type), sdk::to_view(payload)); });
  }
  static int join(void* instance, cardea_live_session_t number, cardea_str_t topic) {
    return sdk::guarded(self(instance).host_, "join", -1, [&] {
      Session* session = self(instance).sessions_.find(number);
      return session != nullptr && self(instance).sessions_.join(*session, sdk::to_view(topic))
                 ? 0
                 : -1;
    });
  }
  static void leave(void* instance, cardea_live_session_t number, cardea_str_t topic) {
    run(instance, "leave", [&](Live& live) {
      if (Session* session = live.sessions_.find(number)) {
        live.sessions_.leave(*session, sdk::to_view(topic));
      }
    });
  }
  static void close(void* instance, cardea_live_session_t number, cardea_str_t reason) {
    run(instance, "close", [&](Live& live) {
      if (Session* session = live.sessions_.find(number)) {
        live.refuse(*session, sdk::to_view(reason));
      }
    });
  }
  static std::int64_t silence(void* instance, cardea_live_session_t number) {
    const Session* session = self(instance).sessions_.find(number);
    const auto passed = [&] { return now() - session->heard; };
    return session == nullptr
               ? -1
               : std::chrono::duration_cast<std::chrono::milliseconds>(passed()).count();
  }
};

constexpr cardea_module_info_t Live::kInfo = [] {
  cardea_module_info_t info{};
  info.version = 1;
  info.kind = "service";
  info.id = CARDEA_LIVE_MODULE;
  info.name = "Live events";
  info.version_text = "0.1.0";
  info.author = "Cardea";
  info.licence = "Apache-2.0";
  info.description = "Event sockets and event streams, with what was missed";
  info.requires_ids = kWanted;
  info.config_keys = kConfigKeys.data();
  info.config_key_count = kConfigKeys.size();
  return info;
}();

Live::Live(const cardea_host_t& host, const Json& config)
    : host_(host),
      server_(host_),
      settings_(read_settings(config)),
      sockets_(host_.get_interface<cardea_sockets_t>(CARDEA_SOCKETS)),
      streams_(host_.get_interface<cardea_rest_host_t>(CARDEA_REST_HOST)),
      timers_(host_.get_interface<cardea_feature_host_t>(CARDEA_FEATURE_HOST)),
      identity_(host_.get_interface<cardea_identity_t>(CARDEA_IDENTITY)),
      bus_(host_),
      node_(random_id()),
      sessions_(*this),
      service_{sizeof service_,   this,
               &Service::listen,  &Service::to_session,
               &Service::to_user, &Service::to_topic,
               &Service::to_all,  &Service::join,
               &Service::leave,   &Service::close,
               &Service::silence},
      rest_(host_, operations(), {}) {
  bus_.subscribe(kChannel, [this](std::string_view message) { heard_from_bus(message); });
  bus_.subscribe(CARDEA_IDENTITY_REVOKED, [this](std::string_view message) { revoked(message); });
  tick();
}

Live::~Live() { timers_->timer_cancel(host_.context(), timer_); }

const void* Live::get_interface(std::string_view id) noexcept {
  if (id == CARDEA_LIVE) {
    return &service_;
  }
  return id == CARDEA_REST ? rest_.table() : nullptr;
}

void Live::spread(std::string_view to, std::string_view name, std::string_view type,
                  std::string_view payload) {
  deliver(to, name, type, payload);
  const auto parsed = Json::parse(payload);
  if (!parsed) {
    host_.error("an event whose payload is no JSON: " + parsed.error().message);
    return;
  }
  bus_.publish(
      kChannel,
      Json::object(
          {{"node", node_}, {"to", to}, {"name", name}, {"type", type}, {"payload", *parsed}})
          .dump());
}

void Live::deliver(std::string_view to, std::string_view name, std::string_view type,
                   std::string_view payload) {
  if (to == "user") {
    sessions_.tell_user(name, type, payload);
  } else if (to == "topic") {
    sessions_.tell_topic(name, type, payload);
  } else if (to == "all") {
    sessions_.tell_all(type, payload);
  }
}

void Live::heard_from_bus(std::string_view message) {
  const auto event = Json::parse(message, {.depth = 40, .members = 10'000, .nodes = 20'000});
  if (event && (*event)["node"].as_text() != node_) {
    deliver((*event)["to"].as_text(), (*event)["name"].as_text(), (*event)["type"].as_text(),
            (*event)["payload"].dump());
  }
}

void Live::revoked(std::string_view message) {
  const auto json = Json::parse(message);
  if (!json) {
    return;
  }
  const std::string kind = (*json)["kind"].text_or();
  const std::string id = (*json)["id"].text_or();
  for (const auto number : sessions_.numbers()) {
    Session* session = sessions_.find(number);
    const bool login = kind == "session" && session->who.session == id;
    const bool user = kind == "user" && session->who.id == id && !identify(session->token);
    if (login || user) {
      refuse(*session, "logged out");
    }
  }
}

std::optional<sdk::Principal> Live::identify(std::string_view token) const {
  cardea_principal_t who{};
  who.size = sizeof who;
  if (identity_ == nullptr ||
      identity_->resolve(identity_->instance, sdk::to_str(token), &who) != 0 ||
      who.rank == CARDEA_RANK_NOBODY) {
    return std::nullopt;
  }
  return sdk::Principal{who.rank,
                        std::string(sdk::to_view(who.id)),
                        std::string(sdk::to_view(who.name)),
                        std::string(sdk::to_view(who.session)),
                        std::string(sdk::to_view(who.token)),
                        who.expires};
}

void Live::tick() {
  timer_ = timers_->timer_start(
      host_.context(), kTick,
      [](void* argument) {
        auto& self = *static_cast<Live*>(argument);
        sdk::guarded(self.host_, "tick", [&] { self.tick(); });
      },
      this);
  const Time at = now();
  const std::int64_t wall = wall_clock();
  for (const auto number : sessions_.numbers()) {
    if (Session* session = sessions_.find(number)) {
      look_at(*session, at, wall);
    }
  }
  for (const auto& [socket, newcomer] : std::map(newcomers_)) {
    if (newcomer.who.rank == CARDEA_RANK_NOBODY && at - newcomer.since >= kFirstMessage) {
      close_socket(socket, kPolicyViolation, "no token within 10 s");
    }
  }
}

void Live::look_at(Session& session, Time at, std::int64_t wall) {
  if (session.away_since) {
    if (at - *session.away_since >= settings_.resume_within) {
      end(session.number, CARDEA_LIVE_ENDED);
    }
    return;
  }
  if (session.who.expires + settings_.reauth.count() <= wall) {
    refuse(session, "the token has expired");
    return;
  }
  if (session.line.socket != 0 && at - session.heard >= settings_.heartbeat_timeout) {
    const Line line = session.line;
    go_away(session);
    cut(line, kAbnormal, "silent for too long");
    return;
  }
  if (session.line.stream != 0 && at - session.pinged >= kStreamPing) {
    session.pinged = at;
    const cardea_rest_call_t stream = session.line.stream;
    if (streams_->stream_write(host_.context(), stream, sdk::to_str(":ping\n\n")) < 0) {
      stream_gone(stream);
    }
  }
}

void Live::tell_change(const Session& session, cardea_live_change_t change) const {
  const cardea_principal_t principal = view_of(session.who);
  for (const Listener& listener : listeners_) {
    if (listener.table->changed != nullptr) {
      listener.table->changed(listener.argument, session.number, &principal, change);
    }
  }
}

CARDEA_MODULE(Live);

}  // namespace cardea::live
