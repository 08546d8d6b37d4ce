// Who may be in which room on this node: what join() gave out, and what clients do with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/admission.h>

#include "plugins/rooms/room.hpp"

namespace cardea::rooms {

using Time = std::chrono::steady_clock::time_point;

/// One leave to enter: a device of somebody in a room.
struct Grant {
  std::string token;
  std::string room;
  std::uint64_t janus_room = 0;
  std::uint64_t participant = 0;  ///< the id that the token's bearer has in the videoroom
  sdk::Principal who;
  Standing standing = Standing::Everybody;
  bool is_public = false;  ///< of the room
  bool entered = false;
  Time made{};
  std::deque<cardea_handle_t> handles;      ///< that showed the token; the last ones
  std::map<std::string, std::string> mids;  ///< what it publishes: kind by mid
};

class Grants {
 public:
  static constexpr std::size_t kMost = 20'000;

  /// Null when there are too many.
  Grant* make(const Room& room, const sdk::Principal& who, Standing standing, Time now);
  void end(const std::string& token);
  /// Rooms of this number belong to us.
  void own(std::uint64_t janus_room) { owned_.insert(janus_room); }
  void disown(std::uint64_t janus_room) { owned_.erase(janus_room); }

  [[nodiscard]] Grant* find(std::string_view token);
  [[nodiscard]] Grant* of(std::uint64_t janus_room, std::uint64_t participant);
  /// Tokens, because what is done with them may end others.
  [[nodiscard]] std::vector<std::string> of_user(std::string_view user) const;
  [[nodiscard]] std::vector<std::string> in_room(std::string_view room) const;
  /// That nobody has used since then.
  [[nodiscard]] std::vector<std::string> unused_since(Time then) const;

  /// What a client of the Janus API may do: see <cardea/admission.h>.
  cardea_admission_verdict_t judge(cardea_handle_t handle, std::string_view operation,
                                   const Json& body);

 private:
  std::map<std::string, std::unique_ptr<Grant>, std::less<>> grants_;
  std::map<cardea_handle_t, std::string> by_handle_;
  std::set<std::uint64_t> owned_;
};

}  // namespace cardea::rooms
