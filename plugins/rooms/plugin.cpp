// The module itself: its settings, its tables, its clock.
#include <stdexcept>
#include <utility>

#include <cardea/events.h>
#include <cardea/sdk/ids.hpp>

#include "plugins/rooms/operations.hpp"
#include "plugins/rooms/schema.hpp"
#include "plugins/rooms/store.hpp"

namespace cardea::rooms {

namespace {

constexpr std::uint32_t kTick = 30'000;  // ms
constexpr auto kUnused = std::chrono::hours(12);
constexpr const char* kWanted[] = {CARDEA_DATABASE_MODULE, CARDEA_BUS_MODULE,    CARDEA_LIVE_MODULE,
                                   CARDEA_PRESENCE_MODULE, "cardea.plugin.auth", nullptr};

Settings read_settings(const Json& config) {
  const Json rooms = config["rooms"];
  const Json turn = config["turn"];
  Settings out;
  out.most_rooms = rooms["max_rooms"].as_int();
  out.multi_join = rooms["multi_join"].as_bool();
  out.admin_key = rooms["videoroom_admin_key"].text_or();
  out.stun = turn["stun"].text_or();
  for (std::size_t i = 0; i < turn["uris"].size(); ++i) {
    out.turn.push_back(turn["uris"].at(i).text_or());
  }
  out.turn_secret = turn["secret"].text_or();
  out.turn_ttl = turn["ttl"].as_int();
  return out;
}

// Only for the rooms themselves: it answers no queries.
constexpr cardea_event_sink_t kSink{
    sizeof(cardea_event_sink_t),
    [](void* /*instance*/) { return std::uint32_t{CARDEA_EVENT_PLUGIN}; },
    [](void* instance, std::uint32_t /*kind*/, cardea_str_t json) {
      auto& self = *static_cast<Rooms*>(instance);
      sdk::guarded(self.host(), "event", [&] { self.event(sdk::to_view(json)); });
    },
    nullptr};

std::vector<cardea_rest_limit_t> read_limits(const Json& section) {
  const auto limit = sdk::rest_limit("room_join", section["limit_join"].as_text());
  if (!limit) {
    throw std::runtime_error("[rooms] limit_join: wants a text such as 60/m, or 0");
  }
  return {*limit};
}

}  // namespace

constexpr cardea_module_info_t Rooms::kInfo = [] {
  cardea_module_info_t info{};
  info.version = 1;
  info.kind = "service";
  info.id = "cardea.plugin.rooms";
  info.name = "Rooms";
  info.version_text = "0.1.0";
  info.author = "Cardea";
  info.licence = "Apache-2.0";
  info.description = "Rooms that belong to people, and their moderation";
  info.requires_ids = kWanted;
  info.config_keys = kConfigKeys.data();
  info.config_key_count = kConfigKeys.size();
  return info;
}();

Rooms::Rooms(const cardea_host_t& host, const Json& config)
    : host_(host),
      server_(host_),
      settings_(read_settings(config)),
      live_(host_.get_interface<cardea_live_t>(CARDEA_LIVE)),
      presence_(host_.get_interface<cardea_presence_t>(CARDEA_PRESENCE)),
      timers_(host_.get_interface<cardea_feature_host_t>(CARDEA_FEATURE_HOST)),
      database_(host_),
      bus_(host_),
      node_(sdk::random_text(1)),
      media_(host_, settings_.admin_key),
      admission_{sizeof admission_, &Rooms::judge},
      start_{sizeof start_, &Rooms::started},
      rest_(host_, operations(), read_limits(config["rooms"])) {
  bus_.subscribe("rooms", [this](std::string_view text) { heard_from_bus(text); });
  tick();
}

Rooms::~Rooms() { timers_->timer_cancel(host_.context(), timer_); }

const void* Rooms::get_interface(std::string_view id) noexcept {
  if (id == CARDEA_REST) {
    return rest_.table();
  }
  if (id == CARDEA_SCHEMA) {
    return &kSchema;
  }
  if (id == CARDEA_ADMISSION) {
    return &admission_;
  }
  if (id == CARDEA_EVENT_SINK) {
    return &kSink;
  }
  return id == CARDEA_START ? &start_ : nullptr;
}

cardea_admission_verdict_t Rooms::judge(void* instance, cardea_str_t /*feature*/,
                                        cardea_handle_t handle, cardea_str_t operation,
                                        cardea_str_t body) {
  Rooms& self = *static_cast<Rooms*>(instance);
  return sdk::guarded(self.host_, "judge", CARDEA_ADMISSION_REFUSED, [&] {
    const auto parsed = Json::parse(sdk::to_view(body), {.depth = 60, .members = 10'000});
    return parsed ? self.grants_.judge(handle, sdk::to_view(operation), *parsed)
                  : CARDEA_ADMISSION_REFUSED;
  });
}

void Rooms::started(void* instance) {
  Rooms& self = *static_cast<Rooms*>(instance);
  sdk::guarded(self.host_, "start", [&] {
    const auto key = std::make_shared<std::string>();
    const bool asked = self.database_.run(
        [key](sdk::Transaction& transaction) {
          *key = store::key(transaction, "cookies");
          return sdk::Database::End::Commit;
        },
        [&self, key](cardea_sql_status_t status) {
          if (status == CARDEA_SQL_OK) {
            self.cookie_key_ = *key;
          } else {
            self.host_.error("the key of guests' cookies could not be read");
          }
        });
    if (!asked) {
      self.host_.error("the key of guests' cookies was not read");
    }
  });
}

void Rooms::tick() {
  timer_ = timers_->timer_start(
      host_.context(), kTick,
      [](void* argument) {
        auto& self = *static_cast<Rooms*>(argument);
        sdk::guarded(self.host_, "tick", [&] { self.tick(); });
      },
      this);
  const Time now = std::chrono::steady_clock::now();
  forget_old(now);
  for (const std::string& token : grants_.unused_since(now - kUnused)) {
    grants_.end(token);
  }
}

CARDEA_MODULE(Rooms);

}  // namespace cardea::rooms
