// Rooms that outlive the server: a JSON file for each in a folder.
#pragma once

#include <string>
#include <vector>

#include <cardea/sdk/json.hpp>

#include "plugins/videoroom/ids.hpp"

namespace cardea::videoroom {

/// Each file is an object as `create` takes it, with "room"; or with "destroyed": true for a room
/// of the configuration that is no more. All calls [control]: a file is one small write.
class RoomStore {
 public:
  /// @param folder need not exist; empty: nothing can be saved.
  explicit RoomStore(std::string folder) : folder_(std::move(folder)) {}

  /// What was saved before. Files that cannot be read are left out and named in `faults`.
  [[nodiscard]] std::vector<Json> load(std::vector<std::string>& faults) const;
  /// @returns false when it could not be written.
  [[nodiscard]] bool save(const Id& room, Json options) const;
  /// @param configured the room would come back from the configuration without a note.
  [[nodiscard]] bool forget(const Id& room, bool configured) const;

 private:
  [[nodiscard]] std::string path(const Id& room) const;

  std::string folder_;
};

}  // namespace cardea::videoroom
