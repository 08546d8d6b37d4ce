// What nodes tell each other of who is here, as texts of the bus.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/json.hpp>

#include "plugins/presence/picture.hpp"

namespace cardea::presence::gossip {

inline constexpr const char* kChannel = "presence";

/// Who changed at `node`; several texts when there are many.
std::vector<std::string> changes(const std::string& node, const Picture& picture,
                                 const std::set<std::string>& users);
/// All that the node knows, so that others forget everybody else of it.
std::vector<std::string> everybody(const std::string& node, const Picture& picture);
/// Asks all others to tell everybody.
std::string question(const std::string& node);

/// Takes others' texts.
class Reader {
 public:
  /// @returns whether somebody asks.
  bool read(std::string_view text, const std::string& own, Time now, Picture& picture);

 private:
  std::map<std::string, std::set<std::string>> named_;  ///< in the unfinished texts of a node
};

}  // namespace cardea::presence::gossip
