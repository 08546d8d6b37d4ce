// The module of rooms: kept in the database, entered by grants, moderated by those who may.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cardea/admission.h>
#include <cardea/live.h>
#include <cardea/presence.h>
#include <cardea/sdk/bus.hpp>
#include <cardea/sdk/database.hpp>
#include <cardea/sdk/rest.hpp>
#include <cardea/sdk/rest_database.hpp>
#include <cardea/sdk/server.hpp>
#include <cardea/start.h>

#include "plugins/rooms/grants.hpp"
#include "plugins/rooms/media.hpp"
#include "plugins/rooms/room.hpp"

namespace cardea::rooms {

struct Settings {
  std::int64_t most_rooms = 100;
  bool multi_join = false;
  std::string stun;
  std::vector<std::string> turn;
  std::string turn_secret;
  std::int64_t turn_ttl = 3600;
  std::string admin_key;
};

class Rooms {
 public:
  static const cardea_module_info_t kInfo;

  Rooms(const cardea_host_t& host, const Json& config);
  ~Rooms();
  Rooms(const Rooms&) = delete;
  Rooms& operator=(const Rooms&) = delete;

  const void* get_interface(std::string_view id) noexcept;
  [[nodiscard]] const sdk::RestTable<Rooms>& rest() const { return rest_; }
  [[nodiscard]] const sdk::Host& host() const { return host_; }

  // Requests: rooms.
  void list(sdk::RestCall call);
  void create(sdk::RestCall call);
  void show_one(sdk::RestCall call);
  void update(sdk::RestCall call);
  void set_topic(sdk::RestCall call);
  void remove(sdk::RestCall call);
  void who_is_where(sdk::RestCall call);
  // Coming and going.
  void join(sdk::RestCall call);
  void leave(sdk::RestCall call);
  void lobby(sdk::RestCall call);
  void admit(sdk::RestCall call);
  void turn(sdk::RestCall call);
  // Moderation.
  void kick(sdk::RestCall call);
  void ban(sdk::RestCall call);
  void list_bans(sdk::RestCall call);
  void lift_ban(sdk::RestCall call);
  void mute(sdk::RestCall call);
  void enroll(sdk::RestCall call);
  void list_enrollments(sdk::RestCall call);
  void expel(sdk::RestCall call);
  void show_audit(sdk::RestCall call);

  // As an event sink: what happens in the videorooms.
  void event(std::string_view json);

 private:
  struct Joining;
  using Pair = std::pair<std::string, std::string>;  ///< room and user
  using Work = std::function<sdk::RestOutcome(sdk::Transaction&, const Room&, Standing)>;

  static cardea_admission_verdict_t judge(void* instance, cardea_str_t feature,
                                          cardea_handle_t handle, cardea_str_t operation,
                                          cardea_str_t body);
  static void started(void* instance);

  struct Visitor {
    std::string name;
    std::string address;
    std::string cookie;
    bool guest = false;
    Time since{};
  };
  struct Knocker {
    std::string name;
    Time since{};
  };

  /// (Further arguments may still read `call`.) Answers out of one transaction, when the caller's
  /// standing in the room is enough.
  void in_room(sdk::RestCall&& call, Act act, Work work, std::function<void()> after = nullptr,
               std::function<void(Json& answer)> complete = nullptr);
  /// The same for acts on somebody, which no equal or higher one bears; they are written down.
  void act_on(sdk::RestCall&& call, Act act, const char* word, Work work, Json order);

  // Joining, in order.
  static std::optional<sdk::RestProblem> check_entry(sdk::Transaction& transaction,
                                                     Joining& joining);
  void enter(const std::shared_ptr<Joining>& joining);
  void knock(const std::shared_ptr<Joining>& joining);
  void give_grant(const std::shared_ptr<Joining>& joining);
  [[nodiscard]] bool is_full(const Room& room, const std::string& user) const;
  [[nodiscard]] Json ice_servers(const std::string& user) const;
  [[nodiscard]] Json turn_credentials(const std::string& user) const;
  [[nodiscard]] Json users_in(const std::string& room) const;
  void let_in(const Pair& pair);
  void forget_old(Time at);

  // Orders of moderation go to all nodes.
  void spread(const Json& order);
  void obey(const Json& order);
  void end_grant(const std::string& token);
  void heard_from_bus(std::string_view text);
  /// Of what is remembered of people; a hit of the bound is counted.
  [[nodiscard]] bool has_place(std::size_t count) const;
  void set_muted(const Pair& pair, const std::string& kind, bool muted);
  void apply_mute(const Grant& grant);
  void change_role(const Pair& pair, const std::string& role);
  void follow_change(const std::string& id);

  // Telling.
  void participant_event(const Json& data);
  [[nodiscard]] bool is_inside(const std::string& room, const std::string& user);
  void tell_of(const Grant& grant, const char* type);
  void came(Grant& grant);
  void went(Grant& grant);
  void tell_room(const Room& room, const char* type);
  void tell_moderators(const Room& room, const char* type, const Json& payload);
  void tell_members(const std::string& room, const char* type, const Json& payload);
  void tick();

  sdk::Host host_;
  sdk::Server server_;
  Settings settings_;
  const cardea_live_t* live_;
  const cardea_presence_t* presence_;
  const cardea_feature_host_t* timers_;
  sdk::Database database_;
  sdk::Bus bus_;
  std::string node_;
  Media media_;
  Grants grants_;
  std::string cookie_key_;            ///< empty until it is loaded
  std::map<Pair, Time> passwords_;    ///< who has shown a right one, until when it counts
  std::map<Pair, Time> kicked_;       ///< whose next join is refused
  std::map<Pair, Visitor> visitors_;  ///< who got a grant lately, for bans
  std::map<Pair, Knocker> knocking_;
  std::map<Pair, Time> admitted_;
  std::map<Pair, std::set<std::string>> muted_;  ///< kinds
  std::uint64_t timer_ = 0;
  cardea_admission_t admission_;
  cardea_start_t start_;
  sdk::RestTable<Rooms> rest_;
};

}  // namespace cardea::rooms
