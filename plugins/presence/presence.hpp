// The module of presence: who is here, on all nodes, and who may know it.
#pragma once

#include <chrono>
#include <deque>
#include <list>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <cardea/feature.h>
#include <cardea/live.h>
#include <cardea/presence.h>
#include <cardea/sdk/bus.hpp>
#include <cardea/sdk/database.hpp>
#include <cardea/sdk/rest.hpp>
#include <cardea/sdk/server.hpp>

#include "plugins/presence/devices.hpp"
#include "plugins/presence/gossip.hpp"
#include "plugins/presence/picture.hpp"

namespace cardea::presence {

/// Who sees whom.
enum class Scope { All, Rooms, Team };

struct Settings {
  Scope scope = Scope::All;
  std::chrono::seconds node_timeout{15};
};

class Presence {
 public:
  static const cardea_module_info_t kInfo;

  Presence(const cardea_host_t& host, const Json& config);
  ~Presence();
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

  const void* get_interface(std::string_view id) noexcept;
  [[nodiscard]] const sdk::RestTable<Presence>& rest() const { return rest_; }

  // Requests.
  void show(sdk::RestCall call);
  void poll(sdk::RestCall call);

 private:
  struct Service;   ///< the functions of cardea_presence_t
  struct Listener;  ///< those of cardea_live_listener_t
  /// What others were told last of somebody.
  struct Told {
    Status seen = Status::Offline;
    Status own = Status::Offline;
    Entry entry;
  };
  struct Change {
    std::uint64_t number = 0;
    std::string user;
  };
  /// A poll that waits for a change.
  struct Waiting {
    sdk::RestCall call;
    std::uint64_t since = 0;
    Time until{};
  };

  // Devices.
  void device_changed(cardea_live_session_t session, const cardea_principal_t& who,
                      cardea_live_change_t change);
  void set_status(cardea_live_session_t session, std::string_view payload);
  void look_up_team(const std::string& user);
  void refresh(const std::string& user);

  // Clocks and what comes over the bus.
  void tick();
  void flush_soon();
  void flush();
  void publish(const std::vector<std::string>& texts);
  void heard_from_bus(std::string_view text);

  // Telling.
  void tell(const std::string& user);
  void tell_devices(const std::string& user, const Told& before, const Told& after);
  void note(const std::string& user);
  void answer_polls(Time now);
  [[nodiscard]] bool may_see(const std::string& viewer, const std::string& user,
                             const Entry& entry) const;
  [[nodiscard]] Status seen_by(const std::string& viewer, const std::string& user) const;
  [[nodiscard]] Json everybody_for(const std::string& viewer) const;
  [[nodiscard]] Json changes_for(const std::string& viewer, std::uint64_t since) const;
  [[nodiscard]] Json poll_answer(bool full, const Json& users) const;

  sdk::Host host_;
  sdk::Server server_;
  Settings settings_;
  const cardea_live_t* live_;
  const cardea_feature_host_t* timers_;
  sdk::Database database_;
  sdk::Bus bus_;
  std::string here_;  ///< this node's name
  Devices devices_;
  Picture picture_;
  gossip::Reader reader_;
  std::map<std::string, Entry> people_;  ///< of this node
  std::set<std::string> unpublished_;
  std::map<std::string, Told> told_;
  std::deque<Change> changes_;  ///< the last ones, for polls
  std::uint64_t last_change_ = 0;
  std::list<Waiting> waiting_;
  Time bus_lost_{};
  Time announced_{};
  std::uint64_t tick_timer_ = 0;
  std::uint64_t flush_timer_ = 0;
  cardea_presence_t service_;
  sdk::RestTable<Presence> rest_;
};

}  // namespace cardea::presence
