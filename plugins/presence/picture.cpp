#include "plugins/presence/picture.hpp"

#include <array>
#include <utility>

namespace cardea::presence {

namespace {

constexpr std::array<std::pair<Status, const char*>, 5> kWords{{{Status::Online, "online"},
                                                                {Status::Idle, "idle"},
                                                                {Status::Dnd, "dnd"},
                                                                {Status::Invisible, "invisible"},
                                                                {Status::Offline, "offline"}}};

}  // namespace

const char* word_of(Status status) { return kWords.at(static_cast<std::size_t>(status)).second; }

std::optional<Status> status_of(std::string_view word) {
  for (const auto& [status, known] : kWords) {
    if (word == known && status != Status::Offline) {
      return status;
    }
  }
  return std::nullopt;
}

void Picture::put(const std::string& node, const std::string& user, const Entry& entry) {
  if (entry.is_empty()) {
    drop(node, user);
    return;
  }
  Entry& known = nodes_[node].entries[user];
  if (!places_[user].insert(node).second && known == entry) {
    return;
  }
  known = entry;
  changed_.insert(user);
}

void Picture::drop(const std::string& node, const std::string& user) {
  if (nodes_[node].entries.erase(user) == 0) {
    return;
  }
  const auto place = places_.find(user);
  place->second.erase(node);
  if (place->second.empty()) {
    places_.erase(place);
  }
  changed_.insert(user);
}

void Picture::keep_only(const std::string& node, const std::set<std::string>& users) {
  for (const std::string& user : users_of(node)) {
    if (!users.contains(user)) {
      drop(node, user);
    }
  }
}

void Picture::drop_silent(const std::string& own, Time before) {
  std::vector<std::string> silent;
  for (const auto& [name, node] : nodes_) {
    if (name != own && node.heard < before) {
      silent.push_back(name);
    }
  }
  for (const std::string& name : silent) {
    keep_only(name, {});
    nodes_.erase(name);
  }
}

Entry Picture::of(std::string_view user) const {
  Entry all;
  all.set_at = -1;
  const auto place = places_.find(user);
  if (place == places_.end()) {
    all.status = Status::Offline;
    return all;
  }
  for (const std::string& node : place->second) {
    const Entry& one = *at(node, user);
    // What was set last holds for all devices.
    if (one.connected && one.set_at > all.set_at) {
      all.status = one.status;
      all.set_at = one.set_at;
    }
    all.name = one.name;
    all.team = all.team.empty() ? one.team : all.team;
    all.account = all.account || one.account;
    all.connected = all.connected || one.connected;
    all.rooms.insert(one.rooms.begin(), one.rooms.end());
  }
  if (!all.connected) {
    all.status = Status::Offline;
  }
  return all;
}

const Entry* Picture::at(const std::string& node, std::string_view user) const {
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) {
    return nullptr;
  }
  const auto entry = found->second.entries.find(user);
  return entry == found->second.entries.end() ? nullptr : &entry->second;
}

std::vector<std::string> Picture::users() const {
  std::vector<std::string> out;
  out.reserve(places_.size());
  for (const auto& [user, nodes] : places_) {
    out.push_back(user);
  }
  return out;
}

std::vector<std::string> Picture::users_of(const std::string& node) const {
  std::vector<std::string> out;
  if (const auto found = nodes_.find(node); found != nodes_.end()) {
    for (const auto& [user, entry] : found->second.entries) {
      out.push_back(user);
    }
  }
  return out;
}

std::vector<std::string> Picture::in_room(std::string_view room) const {
  std::vector<std::string> out;
  for (const auto& [user, nodes] : places_) {
    for (const std::string& node : nodes) {
      if (at(node, user)->rooms.contains(room)) {
        out.push_back(user);
        break;
      }
    }
  }
  return out;
}

std::set<std::string> Picture::take_changed() { return std::exchange(changed_, {}); }

}  // namespace cardea::presence
