// The table of people: [work] functions on a transaction under way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/identity.h>
#include <cardea/sdk/database.hpp>

namespace cardea::auth {

struct User {
  std::string id;
  std::string username;
  std::string display_name;
  std::string email;  ///< empty: none
  bool email_verified = false;
  std::string password_hash;  ///< empty: none
  bool is_admin = false;
  bool is_moderator = false;
  bool disabled = false;
  std::string provider = "password";
  std::string node_id;  ///< empty: none
  bool node_verified = false;
  std::string last_room_id;  ///< empty: none
  std::int64_t generation = 0;
  std::int64_t created_at = 0;
  std::int64_t last_seen = 0;

  [[nodiscard]] cardea_rank_t rank() const {
    return is_admin ? CARDEA_RANK_ADMIN : is_moderator ? CARDEA_RANK_MODERATOR : CARDEA_RANK_USER;
  }
};

namespace users {

/// Begins every look at whole accounts.
extern const std::string_view kSelect;
std::vector<User> read(const sdk::SqlResult& found);

enum class Inserted { Yes, NameTaken, EmailTaken };
Inserted insert(sdk::Transaction& transaction, const User& user);

std::optional<User> by_id(sdk::Transaction& transaction, std::string_view id);
/// By user name or by e-mail address, without case.
std::optional<User> by_login(sdk::Transaction& transaction, std::string_view login);
std::optional<User> by_name(sdk::Transaction& transaction, std::string_view username);
std::optional<User> by_email(sdk::Transaction& transaction, std::string_view email);

/// True for one account alone, for ever: the first to ask.
bool claim_first(sdk::Transaction& transaction, std::string_view id);
std::int64_t count(sdk::Transaction& transaction);

/// @param where constant text behind FROM users, with $1 and so on.
template <typename... Parameters>
std::vector<User> select(sdk::Transaction& transaction, std::string_view where,
                         const Parameters&... parameters) {
  return read(transaction.execute(std::string(kSelect).append(where), parameters...));
}

enum class Flag { Admin, Moderator, Disabled };
void set_flag(sdk::Transaction& transaction, std::string_view id, Flag flag, bool on);
/// False when that is not the account's address.
bool verify_email(sdk::Transaction& transaction, std::string_view id, std::string_view email);
void set_password(sdk::Transaction& transaction, std::string_view id, std::string_view record);
void set_seen(sdk::Transaction& transaction, std::string_view id, std::int64_t now);
/// Ends the access tokens that are out. Returns the generation that counts from now on.
std::int64_t next_generation(sdk::Transaction& transaction, std::string_view id);
bool remove(sdk::Transaction& transaction, std::string_view id);

}  // namespace users
}  // namespace cardea::auth
