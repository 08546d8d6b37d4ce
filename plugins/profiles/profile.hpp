// What somebody tells of himself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <cardea/sdk/rest.hpp>

namespace cardea::profiles {

struct Profile {
  std::string user_id;
  std::string node_id;  ///< empty: the account has none
  std::string name;
  std::string description;
  std::map<std::string, int> expertise;  ///< levels 1 to 5 of skills
  std::string compute = "{}";            ///< a JSON object
  std::string p2p_uri_hint;
  bool is_public = true;     ///< others may read it
  bool discoverable = true;  ///< others may find it
  bool show_compute = true;
  std::int64_t updated_at = 0;
};

/// Out of a request that passed its declaration; or what is wrong with it.
std::optional<sdk::RestProblem> read_profile(const sdk::RestCall& call, Profile& out);

/// @param own with what only its owner sees.
Json show_profile(const Profile& profile, bool own);

Json show_expertise(const Profile& profile);
std::map<std::string, int> read_expertise(const Json& json);

}  // namespace cardea::profiles
