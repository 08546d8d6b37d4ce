#include "plugins/rooms/grants.hpp"

#include <algorithm>
#include <array>

#include <cardea/sdk/ids.hpp>

namespace cardea::rooms {

namespace {

constexpr std::size_t kMostHandles = 64;  // of one grant

// What a bearer may ask of his room beside what his handles do inside it.
bool is_for_bearers(std::string_view operation) {
  constexpr std::array<std::string_view, 4> kKnown{"join", "joinandconfigure", "exists",
                                                   "listparticipants"};
  return std::find(kKnown.begin(), kKnown.end(), operation) != kKnown.end();
}

// What a handle that has joined asks without naming a room.
bool is_inside(std::string_view operation) {
  constexpr std::array<std::string_view, 10> kKnown{
      "publish", "configure", "unpublish",   "leave",  "start",
      "pause",   "subscribe", "unsubscribe", "update", "switch"};
  return std::find(kKnown.begin(), kKnown.end(), operation) != kKnown.end();
}

}  // namespace

Grant* Grants::make(const Room& room, const sdk::Principal& who, Standing standing, Time now) {
  if (grants_.size() >= kMost) {
    return nullptr;
  }
  auto made = std::make_unique<Grant>();
  made->token = sdk::random_text(4);
  made->room = room.id;
  made->janus_room = room.janus_room;
  made->participant = sdk::random_id();
  made->who = who;
  made->standing = standing;
  made->made = now;
  return (grants_[made->token] = std::move(made)).get();
}

void Grants::end(const std::string& token) {
  if (const auto found = grants_.find(token); found != grants_.end()) {
    for (const cardea_handle_t handle : found->second->handles) {
      by_handle_.erase(handle);
    }
    grants_.erase(found);
  }
}

Grant* Grants::find(std::string_view token) {
  const auto found = grants_.find(token);
  return found == grants_.end() ? nullptr : found->second.get();
}

Grant* Grants::of(std::uint64_t janus_room, std::uint64_t participant) {
  const auto found = std::find_if(grants_.begin(), grants_.end(), [&](const auto& each) {
    return each.second->janus_room == janus_room && each.second->participant == participant;
  });
  return found == grants_.end() ? nullptr : found->second.get();
}

std::vector<std::string> Grants::of_user(std::string_view user) const {
  std::vector<std::string> out;
  for (const auto& [token, grant] : grants_) {
    if (grant->who.id == user) {
      out.push_back(token);
    }
  }
  return out;
}

std::vector<std::string> Grants::in_room(std::string_view room) const {
  std::vector<std::string> out;
  for (const auto& [token, grant] : grants_) {
    if (grant->room == room) {
      out.push_back(token);
    }
  }
  return out;
}

std::vector<std::string> Grants::unused_since(Time then) const {
  std::vector<std::string> out;
  for (const auto& [token, grant] : grants_) {
    if (!grant->entered && grant->made < then) {
      out.push_back(token);
    }
  }
  return out;
}

cardea_admission_verdict_t Grants::judge(cardea_handle_t handle, std::string_view operation,
                                         const Json& body) {
  const bool joins = operation == "join" || operation == "joinandconfigure";
  if (by_handle_.contains(handle) && is_inside(operation) && !body.has("room")) {
    return CARDEA_ADMISSION_GRANTED;
  }
  const std::uint64_t room = body["room"].as_uint();
  if (!owned_.contains(room)) {
    return CARDEA_ADMISSION_NOT_MINE;
  }
  Grant* grant = find(body["token"].as_text());
  if (grant == nullptr || grant->janus_room != room || !is_for_bearers(operation)) {
    return CARDEA_ADMISSION_REFUSED;
  }
  const bool subscribes = body["ptype"].as_text() == "subscriber";
  if (joins && !subscribes && body["id"].as_uint() != grant->participant) {
    return CARDEA_ADMISSION_REFUSED;
  }
  if (joins) {
    if (grant->handles.size() >= kMostHandles) {
      by_handle_.erase(grant->handles.front());
      grant->handles.pop_front();
    }
    grant->handles.push_back(handle);
    by_handle_[handle] = grant->token;
  }
  return CARDEA_ADMISSION_GRANTED;
}

}  // namespace cardea::rooms
