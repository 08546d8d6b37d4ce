#include "plugins/presence/devices.hpp"

#include <algorithm>
#include <utility>

namespace cardea::presence {

void Devices::connect(cardea_live_session_t session, Device device) {
  if (!devices_.contains(session)) {
    by_user_.emplace(device.user, session);
  }
  devices_[session] = std::move(device);
}

void Devices::lose(cardea_live_session_t session, Time until) {
  if (const auto found = devices_.find(session); found != devices_.end()) {
    found->second.connected = false;
    found->second.counts_until = until;
  }
}

void Devices::end(cardea_live_session_t session) {
  const auto found = devices_.find(session);
  if (found == devices_.end()) {
    return;
  }
  const auto [first, last] = by_user_.equal_range(found->second.user);
  by_user_.erase(
      std::find_if(first, last, [&](const auto& each) { return each.second == session; }));
  devices_.erase(found);
}

const Device* Devices::find(cardea_live_session_t session) const {
  const auto found = devices_.find(session);
  return found == devices_.end() ? nullptr : &found->second;
}

bool Devices::is_here(std::string_view user, Time now) const {
  const auto [first, last] = by_user_.equal_range(user);
  return std::any_of(first, last, [&](const auto& each) {
    const Device& device = devices_.at(each.second);
    return device.connected || device.counts_until > now;
  });
}

std::vector<std::string> Devices::fading(Time until) const {
  std::vector<std::string> out;
  for (const auto& [session, device] : devices_) {
    if (!device.connected && device.counts_until <= until) {
      out.push_back(device.user);
    }
  }
  return out;
}

}  // namespace cardea::presence
