// Looks at many accounts at once: [work] functions on a transaction under way.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "plugins/auth/users.hpp"

namespace cardea::auth::user_lists {

struct Page {
  std::vector<User> users;
  std::int64_t total = 0;  ///< of all pages
};
/// @param text part of a name or an address; empty: all. The latest accounts first.
Page search(sdk::Transaction& transaction, std::string_view text, std::int64_t limit,
            std::int64_t offset);
/// At most 1000.
std::vector<User> moderators(sdk::Transaction& transaction);

struct Numbers {
  std::int64_t users = 0;
  std::int64_t admins = 0;
  std::int64_t disabled = 0;
  std::int64_t logins = 0;
  std::vector<std::int64_t> by_day;    ///< new accounts of 30 days, the latest first
  std::vector<std::int64_t> by_week;   ///< of 12 weeks
  std::vector<std::int64_t> by_month;  ///< of 12 times 30 days
};
Numbers numbers(sdk::Transaction& transaction, std::int64_t now);

}  // namespace cardea::auth::user_lists
