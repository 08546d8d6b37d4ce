// The module itself: devices that come and go, its clock, and what it offers to others.
#include <utility>

#include <cardea/sdk/ids.hpp>

#include "plugins/presence/operations.hpp"

namespace cardea::presence {

namespace {

constexpr std::uint32_t kTick = 500;  // ms
constexpr std::uint32_t kMerge = 80;  // ms: what changes within it is told together
constexpr std::int64_t kFresh =
    10'000;  // ms: a younger heartbeat makes a loss look like an accident
constexpr auto kLongGrace = std::chrono::seconds(15);
constexpr auto kShortGrace = std::chrono::seconds(2);
constexpr const char* kWanted[] = {CARDEA_LIVE_MODULE, CARDEA_BUS_MODULE, CARDEA_DATABASE_MODULE,
                                   nullptr};
constexpr const char* kTypes[] = {"set_status", nullptr};

Settings read_settings(const Json& section) {
  const std::string_view scope = section["scope"].as_text();
  Settings out;
  out.scope = scope == "rooms" ? Scope::Rooms : scope == "team" ? Scope::Team : Scope::All;
  out.node_timeout = std::chrono::seconds(section["node_timeout"].as_int());
  return out;
}

std::int64_t wall_clock() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
}

Time now() { return std::chrono::steady_clock::now(); }

}  // namespace

// The C entries; `instance` is the module.
struct Presence::Service {
  static Presence& self(void* instance) { return *static_cast<Presence*>(instance); }

  static int is_online(void* instance, cardea_str_t viewer, cardea_str_t user) {
    return sdk::guarded(self(instance).host_, "is_online", 0, [&] {
      const Status status = self(instance).seen_by(std::string(sdk::to_view(viewer)),
                                                   std::string(sdk::to_view(user)));
      return status == Status::Offline || status == Status::Invisible ? 0 : 1;
    });
  }
  static void enter(void* instance, cardea_str_t user, cardea_str_t name, cardea_str_t room) {
    sdk::guarded(self(instance).host_, "enter", [&] {
      const std::string id(sdk::to_view(user));
      Entry& entry = self(instance).people_[id];
      entry.rooms.emplace(sdk::to_view(room));
      entry.name = entry.name.empty() ? sdk::to_view(name) : entry.name;
      self(instance).refresh(id);
    });
  }
  static void leave(void* instance, cardea_str_t user, cardea_str_t room) {
    sdk::guarded(self(instance).host_, "leave", [&] {
      const std::string id(sdk::to_view(user));
      if (const auto found = self(instance).people_.find(id);
          found != self(instance).people_.end()) {
        found->second.rooms.erase(std::string(sdk::to_view(room)));
        self(instance).refresh(id);
      }
    });
  }
  static void members(void* instance, cardea_str_t room, void* sink,
                      void (*each)(void* sink, cardea_str_t user, cardea_str_t name)) {
    sdk::guarded(self(instance).host_, "members", [&] {
      const Picture& picture = self(instance).picture_;
      for (const std::string& user : picture.in_room(sdk::to_view(room))) {
        const std::string name = picture.of(user).name;
        each(sink, sdk::to_str(user), sdk::to_str(name));
      }
    });
  }
};

struct Presence::Listener {
  static constexpr cardea_live_listener_t kTable{
      sizeof(cardea_live_listener_t),
      [](void* argument, cardea_live_session_t session, const cardea_principal_t* who,
         cardea_live_change_t change) {
        auto& self = *static_cast<Presence*>(argument);
        sdk::guarded(self.host_, "device", [&] { self.device_changed(session, *who, change); });
      },
      [](void* argument, cardea_live_session_t session, const cardea_principal_t* /*who*/,
         cardea_str_t /*type*/, cardea_str_t payload) {
        auto& self = *static_cast<Presence*>(argument);
        sdk::guarded(self.host_, "set_status",
                     [&] { self.set_status(session, sdk::to_view(payload)); });
      }};
};

constexpr cardea_module_info_t Presence::kInfo = [] {
  cardea_module_info_t info{};
  info.version = 1;
  info.kind = "service";
  info.id = CARDEA_PRESENCE_MODULE;
  info.name = "Presence";
  info.version_text = "0.1.0";
  info.author = "Cardea";
  info.licence = "Apache-2.0";
  info.description = "Who is here, on all nodes, and who may know it";
  info.requires_ids = kWanted;
  info.config_keys = kConfigKeys.data();
  info.config_key_count = kConfigKeys.size();
  return info;
}();

Presence::Presence(const cardea_host_t& host, const Json& config)
    : host_(host),
      server_(host_),
      settings_(read_settings(config["presence"])),
      live_(host_.get_interface<cardea_live_t>(CARDEA_LIVE)),
      timers_(host_.get_interface<cardea_feature_host_t>(CARDEA_FEATURE_HOST)),
      database_(host_),
      bus_(host_),
      here_(sdk::random_text(1)),
      service_{sizeof service_,  this, &Service::is_online, &Service::enter, &Service::leave,
               &Service::members},
      rest_(host_, kOperations, {}) {
  live_->listen(live_->instance, &Listener::kTable, this, kTypes);
  bus_.subscribe(gossip::kChannel, [this](std::string_view text) { heard_from_bus(text); });
  bus_.publish(gossip::kChannel, gossip::question(here_));
  tick();
}

Presence::~Presence() {
  timers_->timer_cancel(host_.context(), tick_timer_);
  if (flush_timer_ != 0) {
    timers_->timer_cancel(host_.context(), flush_timer_);
  }
}

const void* Presence::get_interface(std::string_view id) noexcept {
  if (id == CARDEA_PRESENCE) {
    return &service_;
  }
  return id == CARDEA_REST ? rest_.table() : nullptr;
}

void Presence::device_changed(cardea_live_session_t session, const cardea_principal_t& who,
                              cardea_live_change_t change) {
  const std::string user(sdk::to_view(who.id));
  const bool comes = change == CARDEA_LIVE_BEGAN || change == CARDEA_LIVE_BACK;
  if (comes) {
    Entry& entry = people_[user];
    const bool known = entry.connected;
    entry.name = sdk::to_view(who.name);
    entry.account = who.rank >= CARDEA_RANK_USER;
    entry.set_at = known ? entry.set_at : 0;
    entry.status = known ? entry.status : Status::Online;
    devices_.connect(session, {user, entry.name, who.rank, true, {}});
    if (!known && settings_.scope == Scope::Team) {
      look_up_team(user);
    }
  } else if (change == CARDEA_LIVE_AWAY) {
    const bool accident = live_->silence(live_->instance, session) < kFresh;
    devices_.lose(session, now() + (accident ? kLongGrace : kShortGrace));
  } else {
    devices_.end(session);
  }
  refresh(user);
}

void Presence::refresh(const std::string& user) {
  const auto found = people_.find(user);
  if (found == people_.end()) {
    return;
  }
  found->second.connected = devices_.is_here(user, now());
  picture_.put(here_, user, found->second);
  unpublished_.insert(user);
  if (found->second.is_empty()) {
    people_.erase(found);
  }
  flush_soon();
}

void Presence::set_status(cardea_live_session_t session, std::string_view payload) {
  const auto json = Json::parse(payload);
  const auto status = json ? status_of((*json)["status"].as_text()) : std::nullopt;
  const Device* device = devices_.find(session);
  if (device == nullptr) {
    return;
  }
  if (!status) {
    const std::string problem =
        Json::object({{"code", "invalid_status"},
                      {"message", "status should be online, idle, dnd or invisible"}})
            .dump();
    live_->to_session(live_->instance, session, sdk::to_str("error"), sdk::to_str(problem));
    return;
  }
  const std::string user = device->user;
  Entry& entry = people_[user];
  entry.status = *status;
  entry.set_at = wall_clock();
  refresh(user);
}

void Presence::look_up_team(const std::string& user) {
  const auto team = std::make_shared<std::string>();
  const bool asked = database_.run(
      [user, team](sdk::Transaction& transaction) {
        *team = transaction.execute("SELECT team_id FROM team_members WHERE user_id = $1", user)
                    .value()
                    .as_text();
        return sdk::Database::End::Commit;
      },
      [this, user, team](cardea_sql_status_t status) {
        const auto found = people_.find(user);
        if (status != CARDEA_SQL_OK) {
          host_.warn("the team of a user could not be looked up; nobody sees him");
        } else if (found != people_.end()) {
          found->second.team = *team;
          refresh(user);
        }
      });
  if (!asked) {
    host_.warn("the team of a user was not looked up; nobody sees him");
  }
}

void Presence::tick() {
  tick_timer_ = timers_->timer_start(
      host_.context(), kTick,
      [](void* argument) {
        auto& self = *static_cast<Presence*>(argument);
        sdk::guarded(self.host_, "tick", [&] { self.tick(); });
      },
      this);
  const Time at = now();
  for (const std::string& user : devices_.fading(at)) {
    const auto found = people_.find(user);
    if (found != people_.end() && found->second.connected && !devices_.is_here(user, at)) {
      refresh(user);
    }
  }
  if (!bus_.ready()) {
    bus_lost_ = at;
  } else if (at - bus_lost_ >= settings_.node_timeout) {
    picture_.drop_silent(here_, at - settings_.node_timeout);
    flush_soon();
  }
  if (at - announced_ >= settings_.node_timeout / 3) {
    announced_ = at;
    publish(gossip::everybody(here_, picture_));
  }
  answer_polls(at);
}

void Presence::flush_soon() {
  if (flush_timer_ != 0) {
    return;
  }
  flush_timer_ = timers_->timer_start(
      host_.context(), kMerge,
      [](void* argument) {
        auto& self = *static_cast<Presence*>(argument);
        self.flush_timer_ = 0;
        sdk::guarded(self.host_, "flush", [&] { self.flush(); });
      },
      this);
}

void Presence::flush() {
  const std::set<std::string> own = std::exchange(unpublished_, {});
  if (!own.empty()) {
    publish(gossip::changes(here_, picture_, own));
  }
  const std::set<std::string> changed = picture_.take_changed();
  for (const std::string& user : changed) {
    tell(user);
  }
  if (!changed.empty()) {
    answer_polls(now());
  }
}

void Presence::publish(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    bus_.publish(gossip::kChannel, text);
  }
}

void Presence::heard_from_bus(std::string_view text) {
  if (reader_.read(text, here_, now(), picture_)) {
    publish(gossip::everybody(here_, picture_));
  }
  // It was merged where it comes from.
  flush();
}

CARDEA_MODULE(Presence);

}  // namespace cardea::presence
