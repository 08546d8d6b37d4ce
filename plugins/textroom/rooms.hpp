// All text rooms: from the configuration, the file of permanent ones, and by request.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <cardea/sdk/plugin.hpp>

#include "plugins/textroom/room.hpp"
#include "plugins/textroom/store.hpp"

namespace cardea::textroom {

struct Bounds {
  std::size_t rooms, permanent, members, joined, text, history_bytes, messages_per_second;
};

/// [control] The plugin's one instance.
class Rooms final : public sdk::Plugin {
 public:
  /// Throws when a section or the file names no room.
  Rooms(const cardea_host_t& host_table, Json given);

  [[nodiscard]] bool text_ids() const override { return text_ids_; }
  /// What comes over data channels, declared like the rest.
  [[nodiscard]] const sdk::Declarations& over_channel() const { return over_channel_; }
  [[nodiscard]] const Bounds& bounds() const { return bounds_; }
  [[nodiscard]] bool limited() const { return limited_; }
  [[nodiscard]] const std::string& admin_key() const { return admin_key_; }

  [[nodiscard]] const std::map<std::string, std::unique_ptr<Room>>& all() const { return rooms_; }
  /// Null when there is none. @param id as a client gave it.
  [[nodiscard]] Room* find(const Json& id) const;
  [[nodiscard]] Room* find(const std::string& key) const;
  /// @param id absent, 0 or empty: a free one is chosen. It names no room so far.
  Room& add(const Json& id, const Json& options);
  void remove(const Room& room);
  /// Notes what the room is now, or that it is no more. False when that could not be written.
  [[nodiscard]] bool keep(const Room& room, bool exists);

 private:
  Room& add_keyed(const std::string& key, const Json& options);
  [[nodiscard]] std::string free_key() const;
  /// Throws when the text cannot name a room.
  [[nodiscard]] Json id_of(const std::string& key) const;

  bool text_ids_;
  Bounds bounds_;
  bool limited_ = true;
  std::string admin_key_;
  sdk::Declarations over_channel_;
  Store store_;
  std::map<std::string, std::unique_ptr<Room>> rooms_;
};

}  // namespace cardea::textroom
