// The devices of this node, and how long somebody whose last connection was lost still counts.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <cardea/identity.h>
#include <cardea/live.h>

#include "plugins/presence/picture.hpp"

namespace cardea::presence {

struct Device {
  std::string user;
  std::string name;
  cardea_rank_t rank = CARDEA_RANK_NOBODY;
  bool connected = true;
  Time counts_until{};  ///< while it is not connected
};

class Devices {
 public:
  void connect(cardea_live_session_t session, Device device);
  /// @param until when it stops to count, unless it comes back.
  void lose(cardea_live_session_t session, Time until);
  void end(cardea_live_session_t session);

  [[nodiscard]] const Device* find(cardea_live_session_t session) const;
  [[nodiscard]] bool is_here(std::string_view user, Time now) const;
  /// Users of devices that were lost and stop to count until then.
  [[nodiscard]] std::vector<std::string> fading(Time until) const;
  [[nodiscard]] const std::unordered_map<cardea_live_session_t, Device>& all() const {
    return devices_;
  }

 private:
  std::unordered_map<cardea_live_session_t, Device> devices_;
  std::multimap<std::string, cardea_live_session_t, std::less<>> by_user_;
};

}  // namespace cardea::presence
