// Profiles in the database; [work] functions on a transaction under way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/database.hpp>

#include "plugins/profiles/profile.hpp"

namespace cardea::profiles::store {

void put(sdk::Transaction& transaction, const Profile& profile);
std::optional<Profile> of_user(sdk::Transaction& transaction, std::string_view user);
/// Another's, when it is public. @param id a node's or a user's.
std::optional<Profile> public_one(sdk::Transaction& transaction, std::string_view id);

inline constexpr std::size_t kMostWords = 4;

struct Search {
  std::vector<std::string> words;  ///< each begins a word of the profile; 1 to kMostWords
  std::int64_t min_level = 1;
  std::int64_t limit = 50;
  std::int64_t offset = 0;
};
struct Found {
  std::vector<Profile> profiles;
  std::int64_t total = 0;
};
Found search(sdk::Transaction& transaction, const Search& search);

}  // namespace cardea::profiles::store
