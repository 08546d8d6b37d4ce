// All rooms by number, and what the configuration says of the plugin as a whole.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include <cardea/sdk/plugin.hpp>

#include "plugins/videoroom/room.hpp"

namespace cardea::videoroom {

/// The plugin's one instance. All calls [control].
class RoomRegistry : public sdk::Plugin {
 public:
  /// Makes the rooms of the configuration. Throws when one of them is wrong: the start is refused.
  RoomRegistry(const cardea_host_t& host, Json config);

  /// Null when there is no such room.
  [[nodiscard]] Room* find(std::uint64_t id) const;
  [[nodiscard]] const std::map<std::uint64_t, std::unique_ptr<Room>>& rooms() const {
    return rooms_;
  }
  [[nodiscard]] bool full() const { return rooms_.size() >= max_rooms_; }
  /// A number that no room has.
  [[nodiscard]] std::uint64_t free_id() const;
  Room& add(std::uint64_t id, RoomOptions options);
  /// Nobody may be in it any more.
  void remove(std::uint64_t id) { rooms_.erase(id); }

  [[nodiscard]] const std::string& admin_key() const { return admin_key_; }
  [[nodiscard]] std::size_t max_participants() const { return max_participants_; }
  [[nodiscard]] std::size_t max_streams() const { return max_streams_; }

 private:
  std::map<std::uint64_t, std::unique_ptr<Room>> rooms_;
  std::string admin_key_;
  std::size_t max_rooms_;
  std::size_t max_participants_;
  std::size_t max_streams_;
};

}  // namespace cardea::videoroom
