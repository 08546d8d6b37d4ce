#include "plugins/auth/teams.hpp"

#include "plugins/auth/crypto.hpp"
#include "plugins/auth/logins.hpp"
#include "plugins/auth/usernames.hpp"

namespace cardea::auth::teams {

std::optional<Membership> of_user(sdk::Transaction& transaction, std::string_view user) {
  const auto found = transaction.execute(
      "SELECT t.id, t.name, m.is_admin FROM team_members m JOIN teams t ON t.id = m.team_id "
      "WHERE m.user_id = $1",
      user);
  if (found.rows.empty()) {
    return std::nullopt;
  }
  const sdk::SqlRow& row = found.rows.front();
  return Membership{std::string(row[0].as_text()), std::string(row[1].as_text()),
                    row[2].as_int() != 0};
}

std::vector<Mate> mates(sdk::Transaction& transaction, std::string_view team,
                        std::int64_t active_since) {
  const auto found = transaction.execute(
      "SELECT u.id, u.username, u.display_name, m.is_admin, u.last_seen FROM team_members m "
      "JOIN users u ON u.id = m.user_id WHERE m.team_id = $1 ORDER BY u.username_key LIMIT 1000",
      team);
  std::vector<Mate> out;
  for (const sdk::SqlRow& row : found.rows) {
    out.push_back({std::string(row[0].as_text()), std::string(row[1].as_text()),
                   std::string(row[2].as_text()), row[3].as_int() != 0,
                   row[4].as_int() >= active_since});
  }
  return out;
}

std::int64_t size(sdk::Transaction& transaction, std::string_view team) {
  return transaction.execute("SELECT COUNT(*) FROM team_members WHERE team_id = $1", team)
      .value()
      .as_int();
}

void make_own(sdk::Transaction& transaction, const User& user) {
  leave(transaction, user.id);
  const std::string name = user.display_name.substr(0, user.display_name.find(' ')) + "-Team";
  const std::string id = random_uuid();
  transaction.execute("INSERT INTO teams (id, name, created_at) VALUES ($1, $2, $3)", id, name,
                      wall_clock());
  transaction.execute("INSERT INTO team_members (user_id, team_id, is_admin) VALUES ($1, $2, 1)",
                      user.id, id);
}

void join(sdk::Transaction& transaction, std::string_view user, std::string_view team) {
  leave(transaction, user);
  transaction.execute("INSERT INTO team_members (user_id, team_id, is_admin) VALUES ($1, $2, 0)",
                      user, team);
}

void rename(sdk::Transaction& transaction, std::string_view team, std::string_view name) {
  transaction.execute("UPDATE teams SET name = $2 WHERE id = $1", team, name);
}

void leave(sdk::Transaction& transaction, std::string_view user) {
  const auto membership = of_user(transaction, user);
  if (!membership) {
    return;
  }
  transaction.execute("DELETE FROM team_members WHERE user_id = $1", user);
  if (size(transaction, membership->team) == 0) {
    transaction.execute("DELETE FROM teams WHERE id = $1", membership->team);
  }
}

void add_invite(sdk::Transaction& transaction, std::string_view hash, std::string_view team,
                std::string_view email, std::string_view by, std::int64_t expires_at) {
  transaction.execute(
      "INSERT INTO team_invites (hash, team_id, email_key, invited_by, created_at, expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      hash, team, folded(email), by, wall_clock(), expires_at);
}

std::int64_t invites_since(sdk::Transaction& transaction, std::string_view by, std::int64_t since) {
  return transaction
      .execute("SELECT COUNT(*) FROM team_invites WHERE invited_by = $1 AND created_at > $2", by,
               since)
      .value()
      .as_int();
}

bool invited_since(sdk::Transaction& transaction, std::string_view email, std::int64_t since) {
  return !transaction
              .execute(
                  "SELECT 1 FROM team_invites WHERE email_key = $1 AND created_at > $2 LIMIT 1",
                  folded(email), since)
              .rows.empty();
}

std::optional<std::string> use_invite(sdk::Transaction& transaction, std::string_view code) {
  const auto used = transaction.execute(
      "UPDATE team_invites SET used = 1 WHERE hash = $1 AND used = 0 AND expires_at > $2 "
      "RETURNING team_id",
      sha256_hex(code), wall_clock());
  return used.rows.empty() ? std::nullopt : std::optional(std::string(used.value().as_text()));
}

}  // namespace cardea::auth::teams
