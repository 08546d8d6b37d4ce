// The tables of teams: [work] functions on a transaction under way. Each account is in one team.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/database.hpp>

#include "plugins/auth/users.hpp"

namespace cardea::auth::teams {

struct Membership {
  std::string team;
  std::string team_name;
  bool is_admin = false;
};
std::optional<Membership> of_user(sdk::Transaction& transaction, std::string_view user);

struct Mate {
  std::string id;
  std::string username;
  std::string display_name;
  bool is_admin = false;
  bool is_active = false;  ///< was there within the life of an access token
};
/// At most 1000, by name.
std::vector<Mate> mates(sdk::Transaction& transaction, std::string_view team,
                        std::int64_t active_since);
std::int64_t size(sdk::Transaction& transaction, std::string_view team);

/// "<first name>-Team" with that user as its admin. He leaves a former team, which ends when it is
/// empty.
void make_own(sdk::Transaction& transaction, const User& user);
void join(sdk::Transaction& transaction, std::string_view user, std::string_view team);
void rename(sdk::Transaction& transaction, std::string_view team, std::string_view name);
/// An empty team ends.
void leave(sdk::Transaction& transaction, std::string_view user);

/// @param hash of the code.
void add_invite(sdk::Transaction& transaction, std::string_view hash, std::string_view team,
                std::string_view email, std::string_view by, std::int64_t expires_at);
std::int64_t invites_since(sdk::Transaction& transaction, std::string_view by, std::int64_t since);
bool invited_since(sdk::Transaction& transaction, std::string_view email, std::int64_t since);
/// The team whose invitation this is; it is used up.
std::optional<std::string> use_invite(sdk::Transaction& transaction, std::string_view code);

}  // namespace cardea::auth::teams
