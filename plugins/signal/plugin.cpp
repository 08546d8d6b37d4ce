// The entry: descriptor, the one operation, what comes by sockets.
#include <array>
#include <utility>

#include <cardea/sdk/config.hpp>

#include "plugins/signal/signal.hpp"

namespace cardea::signal {

namespace {

namespace config = sdk::config;
namespace param = sdk::param;

constexpr auto kSignIn = std::chrono::seconds(10);
constexpr std::uint32_t kTick = 1000;      // ms
constexpr std::int64_t kStay = 45'000;     // ms: how long others believe that a node is here
constexpr std::uint64_t kRenewEvery = 15;  // ticks
constexpr int kNormal = 1000;
constexpr int kPolicyViolation = 1008;
constexpr int kServerFault = 1011;
constexpr int kTryAgainLater = 1013;
constexpr const char* kWanted[] = {CARDEA_DATABASE_MODULE, CARDEA_BUS_MODULE, "?cardea.plugin.auth",
                                   nullptr};

constexpr std::array kConfigKeys{
    config::integer("p2p", "max_connections", "10000", 1, 1'000'000, "signalling sockets at once"),
    config::integer("p2p", "messages_per_second", "50", 1, 100'000,
                    "messages of one socket; twice as many at once"),
    config::integer("p2p", "max_message", "65536", 1024, 262'144, "bytes of one message"),
};

// A socket's name on the bus: which server a node is at.
std::string place_key(std::string_view node_id) { return "signal:" + std::string(node_id); }
std::string channel_of(std::string_view server) { return "signal." + std::string(server); }

std::string some_name() {
  // Only told apart from other servers; the clock in nanoseconds and an address do that.
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  static const char place = 0;
  return std::to_string(now) + "-" + std::to_string(reinterpret_cast<std::uintptr_t>(&place));
}

Settings read_settings(const Json& config) {
  const Json p2p = config["p2p"];
  return {p2p["max_connections"].as_uint(),
          static_cast<double>(p2p["messages_per_second"].as_int()), p2p["max_message"].as_uint()};
}

Time now() { return std::chrono::steady_clock::now(); }

constexpr std::array kOpen{param::text("token", 8192, "or in the first message")};
constexpr std::array kAliases{"* GET /ws/signal", static_cast<const char*>(nullptr)};
using Operation = sdk::RestOperation<Signal>;
constexpr std::array kOperations{
    Operation{.id = "signal.socket",
              .method = "GET",
              .path = "/ws/signal",
              .handle = sdk::rest_method<&Signal::open>(),
              .access = CARDEA_RANK_NOBODY,
              .params = kOpen,
              .status = 101,
              .help = "A WebSocket that relays signals between devices",
              .aliases = kAliases.data()},
};

}  // namespace

constexpr cardea_module_info_t Signal::kInfo = [] {
  cardea_module_info_t info{};
  info.version = 1;
  info.kind = "service";
  info.id = "cardea.plugin.signal";
  info.name = "Peer-to-peer signalling";
  info.version_text = "0.1.0";
  info.author = "Cardea";
  info.licence = "Apache-2.0";
  info.description = "Relays signals between people's devices and keeps none";
  info.requires_ids = kWanted;
  info.config_keys = kConfigKeys.data();
  info.config_key_count = kConfigKeys.size();
  return info;
}();

struct Signal::SocketEvents {
  template <typename Call>
  static void run(void* argument, Call call) {
    Signal& self = *static_cast<Signal*>(argument);
    sdk::guarded(self.host_, "socket", [&] { call(self); });
  }
  static constexpr cardea_socket_events_t kTable{
      sizeof(cardea_socket_events_t),
      [](void* argument, cardea_socket_t socket) {
        run(argument, [&](Signal& self) {
          Peer* peer = self.directory_.find(socket);
          if (peer != nullptr && !peer->token.empty()) {
            self.sign_in(socket, std::exchange(peer->token, {}));
          }
        });
      },
      [](void* argument, cardea_socket_t socket, cardea_str_t text) {
        run(argument, [&](Signal& self) { self.message(socket, sdk::to_view(text)); });
      },
      [](void* argument, cardea_socket_t socket) {
        run(argument, [&](Signal& self) { self.closed(socket); });
      }};
};

Signal::Signal(const cardea_host_t& host, const Json& config)
    : host_(host),
      server_(host_),
      settings_(read_settings(config)),
      sockets_(host_.get_interface<cardea_sockets_t>(CARDEA_SOCKETS)),
      identity_(host_.get_interface<cardea_identity_t>(CARDEA_IDENTITY)),
      timers_(host_.get_interface<cardea_feature_host_t>(CARDEA_FEATURE_HOST)),
      database_(host_),
      bus_(host_),
      here_(some_name()),
      rest_(host_, kOperations, {}) {
  bus_.subscribe(channel_of(here_), [this](std::string_view text) { heard_from_bus(text); });
  bus_.subscribe(CARDEA_IDENTITY_REVOKED, [this](std::string_view text) { revoked(text); });
  tick();
}

Signal::~Signal() { timers_->timer_cancel(host_.context(), timer_); }

// A wrong token is told by the close code, as the clients of DPC expect it.
void Signal::open(sdk::RestCall call) {
  const std::string token = call["token"].text_or();
  const cardea_socket_t socket = call.accept(*sockets_, SocketEvents::kTable, this);
  if (socket == 0) {
    call.fail({426, "upgrade_required", "This is a WebSocket", {}, {{"Upgrade", "websocket"}}});
    return;
  }
  directory_.add(socket, settings_.per_second, now()).token = token;
}

void Signal::message(cardea_socket_t socket, std::string_view text) {
  Peer* peer = directory_.find(socket);
  if (peer == nullptr) {
    return;
  }
  if (!peer->allowance.take(now())) {
    server_.limit_hit("signal_messages");
    error(socket, "rate_limited", "Too many messages, wait a moment");
    return;
  }
  if (text.size() > settings_.most_bytes) {
    error(socket, "too_large", "The message is too large");
    return;
  }
  const auto parsed = Json::parse(text);
  if (!parsed || !parsed->is_object()) {
    error(socket, "invalid_json", "A message is a JSON object");
    return;
  }
  if (peer->node_id.empty() && (*parsed)["type"].as_text() == "auth") {
    sign_in(socket, (*parsed)["token"].text_or());
  } else if (peer->node_id.empty()) {
    close(socket, kPolicyViolation, "Authentication required");
  } else {
    obey(*peer, *parsed);
  }
}

void Signal::sign_in(cardea_socket_t socket, std::string_view token) {
  Peer* peer = directory_.find(socket);
  cardea_principal_t who{};
  who.size = sizeof who;
  if (identity_ == nullptr ||
      identity_->resolve(identity_->instance, sdk::to_str(token), &who) != 0 ||
      who.rank < CARDEA_RANK_USER) {
    close(socket, kPolicyViolation, "Invalid token");
    return;
  }
  if (directory_.size() > settings_.most_sockets) {
    server_.limit_hit("signal_sockets");
    close(socket, kTryAgainLater, "Too many connections");
    return;
  }
  peer->user = sdk::to_view(who.id);
  peer->login = sdk::to_view(who.session);
  const auto node_id = std::make_shared<std::string>();
  const bool asked = database_.run(
      [user = peer->user, node_id](sdk::Transaction& transaction) {
        *node_id =
            transaction.execute("SELECT node_id FROM users WHERE id = $1", user).value().as_text();
        return sdk::Database::End::Commit;
      },
      [this, socket, node_id](cardea_sql_status_t status) {
        if (status == CARDEA_SQL_OK && !node_id->empty()) {
          welcome(socket, *node_id);
        } else {
          close(socket, kServerFault, "The account could not be looked up");
        }
      });
  if (!asked) {
    close(socket, kServerFault, "The server is busy");
  }
}

void Signal::welcome(cardea_socket_t socket, const std::string& node_id) {
  Peer* peer = directory_.find(socket);
  if (peer == nullptr) {
    return;
  }
  const std::string replaced = Json::object({{"replaced", node_id}}).dump();
  if (const Peer* old = directory_.find(node_id)) {
    close(old->socket, kNormal, "New connection established");
  }
  directory_.name(*peer, node_id);
  // One at another server is told, and this is the place from now on.
  bus_.get(place_key(node_id), [this, node_id, replaced](const sdk::BusAnswer& answer) {
    if (answer && answer.value != here_) {
      bus_.publish(channel_of(answer.value), replaced);
    }
    bus_.set(place_key(node_id), here_, kStay);
  });
  say(socket,
      Json::object({{"type", "auth_ok"}, {"message", "Authenticated"}, {"node_id", node_id}}));
}

void Signal::obey(Peer& peer, const Json& message) {
  const std::string_view type = message["type"].as_text();
  if (type == "signal") {
    relay(peer, message);
  } else if (type == "ping") {
    Json pong = Json::object({{"type", "pong"}});
    pong.set("timestamp", message["timestamp"]);
    say(peer.socket, pong);
  } else {
    error(peer.socket, "unknown_message_type", "Messages are of type signal or ping");
  }
}

void Signal::relay(const Peer& sender, const Json& message) {
  const std::string target = message["target_node_id"].text_or();
  if (target.empty()) {
    error(sender.socket, "missing_target", "target_node_id is missing");
    return;
  }
  Json out = message;
  out.set("sender_node_id", sender.node_id);
  const std::string text = out.dump();
  if (const Peer* here = directory_.find(target)) {
    sockets_->send(host_.context(), here->socket, sdk::to_str(text));
    return;
  }
  ask_others(sender.socket, target, text);
}

void Signal::ask_others(cardea_socket_t sender, const std::string& target,
                        const std::string& text) {
  if (target.size() > CARDEA_BUS_MAX_KEY / 2) {
    error(sender, "target_offline", "The target is not connected");
    return;
  }
  const bool asked =
      bus_.get(place_key(target), [this, sender, target, text](const sdk::BusAnswer& answer) {
        const auto parsed = Json::parse(text);
        const bool elsewhere = answer && answer.value != here_ && parsed;
        if (elsewhere) {
          const Json order = Json::object({{"to", target}, {"signal", *parsed}});
          bus_.publish(channel_of(answer.value), order.dump(),
                       [this, sender](const sdk::BusAnswer& published) {
                         if (!published) {
                           error(sender, "relay_failed", "The signal could not be passed on");
                         }
                       });
        } else if (answer.status == CARDEA_BUS_UNAVAILABLE) {
          error(sender, "relay_failed", "The signal could not be passed on");
        } else {
          error(sender, "target_offline", "The target is not connected");
        }
      });
  if (!asked) {
    error(sender, "relay_failed", "The signal could not be passed on");
  }
}

void Signal::heard_from_bus(std::string_view text) {
  const auto order = Json::parse(text, {.depth = 40, .members = 10'000, .nodes = 20'000});
  if (!order) {
    return;
  }
  if (const Peer* old = directory_.find((*order)["replaced"].as_text())) {
    close(old->socket, kNormal, "New connection established");
  } else if (const Peer* target = directory_.find((*order)["to"].as_text())) {
    say(target->socket, (*order)["signal"]);
  }
}

void Signal::revoked(std::string_view text) {
  const auto json = Json::parse(text);
  for (const Peer& peer : json ? directory_.all() : std::vector<Peer>()) {
    const Json id = (*json)["id"];
    if (id.as_text() == peer.login || id.as_text() == peer.user) {
      close(peer.socket, kPolicyViolation, "Logged out");
    }
  }
}

void Signal::closed(cardea_socket_t socket) {
  const std::string node_id = directory_.remove(socket);
  if (node_id.empty()) {
    return;
  }
  bus_.get(place_key(node_id), [this, node_id](const sdk::BusAnswer& answer) {
    if (answer && answer.value == here_ && directory_.find(node_id) == nullptr) {
      bus_.remove(place_key(node_id));
    }
  });
}

void Signal::tick() {
  timer_ = timers_->timer_start(
      host_.context(), kTick,
      [](void* argument) {
        auto& self = *static_cast<Signal*>(argument);
        sdk::guarded(self.host_, "tick", [&] { self.tick(); });
      },
      this);
  const bool renew = ++ticks_ % kRenewEvery == 0;
  for (const Peer& peer : directory_.all()) {
    if (peer.node_id.empty() && now() - peer.since >= kSignIn) {
      close(peer.socket, kPolicyViolation, "Authentication timeout");
    } else if (renew && !peer.node_id.empty()) {
      bus_.set(place_key(peer.node_id), here_, kStay);
    }
  }
}

void Signal::say(cardea_socket_t socket, const Json& message) const {
  sockets_->send(host_.context(), socket, sdk::to_str(message.dump()));
}

void Signal::error(cardea_socket_t socket, const char* code, const char* text) const {
  say(socket, Json::object({{"type", "error"}, {"message", text}, {"code", code}}));
}

void Signal::close(cardea_socket_t socket, int code, std::string_view reason) const {
  sockets_->close(host_.context(), socket, code, sdk::to_str(reason));
}

CARDEA_MODULE(Signal);

}  // namespace cardea::signal
