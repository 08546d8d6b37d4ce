// All rooms by id, and what the configuration says of the plugin as a whole.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include <cardea/events.h>
#include <cardea/sdk/plugin.hpp>
#include <cardea/sdk/server.hpp>
#include <cardea/tokens.h>

#include "plugins/videoroom/room.hpp"
#include "plugins/videoroom/room_store.hpp"

namespace cardea::videoroom {

/// Of what clients can make: the keys max_... of the configuration.
struct Bounds {
  std::size_t rooms = 0, participants = 0, streams = 0, forwarders = 0, remotes = 0, tokens = 0;
};

/// The plugin's one instance. All calls [control].
class RoomRegistry : public sdk::Plugin {
 public:
  /// Makes the rooms of the configuration, then those that were saved. Throws when one of the
  /// configuration is wrong: the start is refused.
  RoomRegistry(const cardea_host_t& host, Json config);
  ~RoomRegistry() override;

  [[nodiscard]] bool text_ids() const override { return text_ids_; }

  /// Null when there is no such room.
  [[nodiscard]] Room* find(const Id& id) const;
  [[nodiscard]] const std::map<Id, std::unique_ptr<Room>>& rooms() const { return rooms_; }
  /// An id that no room has.
  [[nodiscard]] Id free_id() const;
  Room& add(const Id& id, RoomOptions options);
  /// Nobody may be in it any more.
  void remove(const Id& id) { rooms_.erase(id); }
  /// Makes the room, as it is now, come back at the next start. @returns whether it could be.
  [[nodiscard]] bool save(const Room& room) const;
  /// Makes it not come back.
  [[nodiscard]] bool forget(const Id& id) const;

  /// Whether the server has a secret for signed tokens; without one no room can ask for them.
  [[nodiscard]] bool signs_tokens() const;
  /// Whether a token of the core's signing is good for this room, or for this participant of it.
  [[nodiscard]] bool good_token(std::string_view token, const Id& room,
                                const Id& participant) const;
  /// Tells whoever takes event streams. @param handle 0: of none.
  void notify(cardea_handle_t handle, const Json& event) const;

  [[nodiscard]] const std::string& admin_key() const { return admin_key_; }
  [[nodiscard]] bool lock_rtp_forward() const { return lock_rtp_forward_; }
  /// What all recordings lie under; empty when there is no place.
  [[nodiscard]] const std::string& recordings() const { return recordings_; }
  [[nodiscard]] std::uint64_t recording_quota() const { return recording_quota_; }
  [[nodiscard]] const Bounds& bounds() const { return bounds_; }
  /// Whether one more than `count` is within the bound; a hit is counted under the name.
  [[nodiscard]] bool has_place(std::size_t count, std::size_t bound, const char* name) const;

 private:
  void add_configured();
  void add_saved();

  const cardea_events_t* events_;  ///< null: none are wanted
  const cardea_tokens_t* tokens_;  ///< null: the host has none
  bool text_ids_;
  bool lock_rtp_forward_;
  std::string admin_key_;
  std::string recordings_;
  std::uint64_t recording_quota_;  ///< bytes of one room; 0: none
  sdk::Server server_;
  Bounds bounds_;
  RoomStore store_;
  std::map<Id, std::unique_ptr<Room>> rooms_;
};

}  // namespace cardea::videoroom
