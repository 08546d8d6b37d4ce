#include "plugins/auth/users.hpp"

#include <utility>

#include "plugins/auth/usernames.hpp"

namespace cardea::auth::users {

namespace {

User read_row(const sdk::SqlRow& row) {
  User user;
  user.id = row[0].as_text();
  user.username = row[1].as_text();
  user.display_name = row[2].as_text();
  user.email = row[3].as_text();
  user.email_verified = row[4].as_int() != 0;
  user.password_hash = row[5].as_text();
  user.is_admin = row[6].as_int() != 0;
  user.is_moderator = row[7].as_int() != 0;
  user.disabled = row[8].as_int() != 0;
  user.provider = row[9].as_text();
  user.node_id = row[10].as_text();
  user.node_verified = row[11].as_int() != 0;
  user.last_room_id = row[12].as_text();
  user.generation = row[13].as_int();
  user.created_at = row[14].as_int();
  user.last_seen = row[15].as_int();
  return user;
}

std::optional<User> find(sdk::Transaction& transaction, std::string_view where,
                         std::string_view value) {
  auto found = select(transaction, where, value);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

cardea_sql_value_t or_null(std::string_view text) {
  return text.empty() ? sdk::sql_parameter(nullptr) : sdk::sql_parameter(text);
}

}  // namespace

const std::string_view kSelect =
    "SELECT id, username, display_name, email, email_verified, password_hash, is_admin, "
    "is_moderator, disabled, provider, node_id, node_verified, last_room_id, token_generation, "
    "created_at, last_seen FROM users ";

std::vector<User> read(const sdk::SqlResult& found) {
  std::vector<User> out;
  for (const sdk::SqlRow& row : found.rows) {
    out.push_back(read_row(row));
  }
  return out;
}

Inserted insert(sdk::Transaction& transaction, const User& user) {
  const std::string name_key = folded(user.username);
  const std::string email_key = folded(user.email);
  const cardea_sql_value_t values[] = {sdk::sql_parameter(std::string_view(user.id)),
                                       sdk::sql_parameter(std::string_view(user.username)),
                                       sdk::sql_parameter(std::string_view(name_key)),
                                       sdk::sql_parameter(std::string_view(user.display_name)),
                                       or_null(user.email),
                                       or_null(email_key),
                                       sdk::sql_parameter(user.email_verified ? 1 : 0),
                                       or_null(user.password_hash),
                                       sdk::sql_parameter(user.is_admin ? 1 : 0),
                                       sdk::sql_parameter(std::string_view(user.provider)),
                                       sdk::sql_parameter(user.created_at)};
  const auto inserted = transaction.execute_values(
      "INSERT INTO users (id, username, username_key, display_name, email, email_key, "
      "email_verified, password_hash, is_admin, provider, created_at, last_seen) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) ON CONFLICT DO NOTHING",
      values);
  if (inserted.changed != 0) {
    return Inserted::Yes;
  }
  const auto same_name = transaction.execute("SELECT 1 FROM users WHERE username_key = $1",
                                             std::string_view(name_key));
  return same_name.rows.empty() ? Inserted::EmailTaken : Inserted::NameTaken;
}

std::optional<User> by_id(sdk::Transaction& transaction, std::string_view id) {
  return find(transaction, "WHERE id = $1", id);
}

std::optional<User> by_name(sdk::Transaction& transaction, std::string_view username) {
  return find(transaction, "WHERE username_key = $1", folded(username));
}

std::optional<User> by_email(sdk::Transaction& transaction, std::string_view email) {
  return find(transaction, "WHERE email_key = $1", folded(email));
}

std::optional<User> by_login(sdk::Transaction& transaction, std::string_view login) {
  return login.find('@') == login.npos ? by_name(transaction, login) : by_email(transaction, login);
}

bool claim_first(sdk::Transaction& transaction, std::string_view id) {
  // A look first: most accounts are not the first, and need not write to find that out.
  if (!transaction.execute("SELECT 1 FROM auth_first_account").rows.empty()) {
    return false;
  }
  return transaction
             .execute(
                 "INSERT INTO auth_first_account (only_row, user_id) VALUES (1, $1) "
                 "ON CONFLICT DO NOTHING",
                 id)
             .changed != 0;
}

std::int64_t count(sdk::Transaction& transaction) {
  return transaction.execute("SELECT COUNT(*) FROM users").value().as_int();
}

void set_flag(sdk::Transaction& transaction, std::string_view id, Flag flag, bool on) {
  constexpr std::string_view kSet[] = {"UPDATE users SET is_admin = $2 WHERE id = $1",
                                       "UPDATE users SET is_moderator = $2 WHERE id = $1",
                                       "UPDATE users SET disabled = $2 WHERE id = $1"};
  transaction.execute(kSet[static_cast<std::size_t>(flag)], id, on ? 1 : 0);
}

bool verify_email(sdk::Transaction& transaction, std::string_view id, std::string_view email) {
  return transaction
             .execute("UPDATE users SET email_verified = 1 WHERE id = $1 AND email_key = $2", id,
                      folded(email))
             .changed != 0;
}

void set_password(sdk::Transaction& transaction, std::string_view id, std::string_view record) {
  transaction.execute("UPDATE users SET password_hash = $2 WHERE id = $1", id, record);
}

void set_seen(sdk::Transaction& transaction, std::string_view id, std::int64_t now) {
  transaction.execute("UPDATE users SET last_seen = $2 WHERE id = $1", id, now);
}

std::int64_t next_generation(sdk::Transaction& transaction, std::string_view id) {
  return transaction
      .execute(
          "UPDATE users SET token_generation = token_generation + 1 WHERE id = $1 "
          "RETURNING token_generation",
          id)
      .value()
      .as_int();
}

bool remove(sdk::Transaction& transaction, std::string_view id) {
  return transaction.execute("DELETE FROM users WHERE id = $1", id).changed != 0;
}

}  // namespace cardea::auth::users
