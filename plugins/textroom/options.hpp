// What is set for a room, by configuration, request, or the file of permanent rooms.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include <cardea/sdk/json.hpp>

namespace cardea::textroom {

struct RoomOptions {
  std::string description;
  std::string secret;  ///< empty: none is asked for
  std::string pin;     ///< empty: none is asked for
  bool is_private = false;
  std::uint32_t history = 0;  ///< messages kept
  bool check_allowed = false;
  std::set<std::string> allowed;  ///< tokens that open the room when check_allowed is set
};

/// From members that passed their declaration; `name` makes a description where there is none.
RoomOptions read_options(const Json& from, const std::string& name);
/// The members that read_options() reads.
Json write_options(const RoomOptions& options);

}  // namespace cardea::textroom
