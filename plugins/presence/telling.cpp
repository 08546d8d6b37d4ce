// What devices are told of others, and who may know it.
#include <algorithm>
#include <ctime>
#include <utility>

#include "plugins/presence/presence.hpp"

namespace cardea::presence {

namespace {

constexpr std::size_t kMostChanges = 1000;

Status as_others_see(Status status) {
  return status == Status::Invisible ? Status::Offline : status;
}

// Null: nothing to tell.
const char* event_of(Status before, Status after) {
  if (before == after) {
    return nullptr;
  }
  if (after == Status::Offline) {
    return "user:offline";
  }
  return before == Status::Offline ? "user:online" : "user:status";
}

bool meet(const Entry& one, const Entry& other) {
  return std::any_of(one.rooms.begin(), one.rooms.end(),
                     [&](const std::string& room) { return other.rooms.contains(room); });
}

}  // namespace

bool Presence::may_see(const std::string& viewer, const std::string& user,
                       const Entry& entry) const {
  if (viewer == user || settings_.scope == Scope::All) {
    return true;
  }
  const Entry own = picture_.of(viewer);
  if (settings_.scope == Scope::Team) {
    return !own.team.empty() && own.team == entry.team;
  }
  return meet(own, entry);
}

Status Presence::seen_by(const std::string& viewer, const std::string& user) const {
  const Entry entry = picture_.of(user);
  if (viewer == user) {
    return entry.status;
  }
  return may_see(viewer, user, entry) ? as_others_see(entry.status) : Status::Offline;
}

void Presence::tell(const std::string& user) {
  const auto known = told_.find(user);
  const Told before = known == told_.end() ? Told() : known->second;
  Told after;
  after.entry = picture_.of(user);
  after.own = after.entry.status;
  after.seen = as_others_see(after.own);
  if (after.own == Status::Offline && after.entry.rooms.empty()) {
    // Polls still ask for the name and who may know it.
    after.entry = before.entry;
  }
  told_[user] = after;
  if (after.entry.account && (before.seen != after.seen || before.own != after.own)) {
    note(user);
    tell_devices(user, before, after);
  }
}

void Presence::tell_devices(const std::string& user, const Told& before, const Told& after) {
  Json payload = Json::object({{"user_id", user}, {"username", after.entry.name}});
  const std::string seen = payload.set("status", word_of(after.seen)).dump();
  const std::string own = payload.set("status", word_of(after.own)).dump();
  const char* seen_event = event_of(before.seen, after.seen);
  const char* own_event = event_of(before.own, after.own);
  for (const auto& [session, device] : devices_.all()) {
    const bool self = device.user == user;
    const char* event = self ? own_event : seen_event;
    if (event == nullptr || device.rank < CARDEA_RANK_USER ||
        (!self && !may_see(device.user, user, after.entry) &&
         !may_see(device.user, user, before.entry))) {
      continue;
    }
    live_->to_session(live_->instance, session, sdk::to_str(event), sdk::to_str(self ? own : seen));
  }
}

void Presence::note(const std::string& user) {
  changes_.push_back({++last_change_, user});
  if (changes_.size() <= kMostChanges) {
    return;
  }
  // Whom no change names any more and who is not here is forgotten.
  const std::string old = std::move(changes_.front().user);
  changes_.pop_front();
  const auto told = told_.find(old);
  const bool named = std::any_of(changes_.begin(), changes_.end(),
                                 [&](const Change& change) { return change.user == old; });
  if (!named && told != told_.end() && told->second.own == Status::Offline) {
    told_.erase(told);
  }
}

}  // namespace cardea::presence
