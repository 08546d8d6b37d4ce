// The permanent rooms: one JSON file in the data folder. The configuration files stay as they are,
// so a room of theirs that is destroyed for good is noted there as well.
#pragma once

#include <string>

#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea::textroom {

class Store {
 public:
  /// @param path of the file; empty: nothing can be kept.
  explicit Store(std::string path) : path_(std::move(path)) {}

  /// Room keys, each with its options, or null for one that is no more. Empty without a file.
  Result<Json> load();
  /// @param options null (the JSON value) to note that the room is gone. False when the file could
  /// not be written or holds `limit` rooms already.
  [[nodiscard]] bool keep(const std::string& key, const Json& options, std::size_t limit);

 private:
  std::string path_;
  Json rooms_ = Json::object();
};

}  // namespace cardea::textroom
