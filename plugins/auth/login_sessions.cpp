#include "plugins/auth/login_sessions.hpp"

namespace cardea::auth::login_sessions {

void insert(sdk::Transaction& transaction, const LoginSession& session) {
  transaction.execute(
      "INSERT INTO auth_sessions (id, user_id, device_name, ip_masked, created_at, last_activity, "
      "expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      session.id, session.user, session.device_name, session.ip_masked, session.created_at,
      session.last_activity, session.expires_at);
}

std::vector<LoginSession> of_user(sdk::Transaction& transaction, std::string_view user,
                                  std::int64_t now) {
  const auto found = transaction.execute(
      "SELECT id, device_name, ip_masked, created_at, last_activity, expires_at FROM auth_sessions "
      "WHERE user_id = $1 AND expires_at > $2 ORDER BY last_activity DESC, id",
      user, now);
  std::vector<LoginSession> out;
  for (const sdk::SqlRow& row : found.rows) {
    out.push_back({std::string(row[0].as_text()), std::string(user), std::string(row[1].as_text()),
                   std::string(row[2].as_text()), row[3].as_int(), row[4].as_int(),
                   row[5].as_int()});
  }
  return out;
}

void set_activity(sdk::Transaction& transaction, std::string_view id, std::int64_t now,
                  std::int64_t expires_at) {
  transaction.execute("UPDATE auth_sessions SET last_activity = $2, expires_at = $3 WHERE id = $1",
                      id, now, expires_at);
}

bool remove(sdk::Transaction& transaction, std::string_view id) {
  return transaction.execute("DELETE FROM auth_sessions WHERE id = $1", id).changed != 0;
}

void add_refresh(sdk::Transaction& transaction, std::string_view hash, std::string_view session,
                 std::int64_t expires_at) {
  transaction.execute(
      "INSERT INTO auth_refresh_tokens (hash, session_id, expires_at) VALUES ($1, $2, $3)", hash,
      session, expires_at);
}

RefreshToken find_refresh(sdk::Transaction& transaction, std::string_view hash) {
  const auto found = transaction.execute(
      "SELECT t.used_at, t.session_id, s.user_id, t.expires_at FROM auth_refresh_tokens t "
      "JOIN auth_sessions s ON s.id = t.session_id WHERE t.hash = $1",
      hash);
  if (found.rows.empty()) {
    return {};
  }
  const sdk::SqlRow& row = found.rows.front();
  return {true, !row[0].is_null(), std::string(row[1].as_text()), std::string(row[2].as_text()),
          row[3].as_int()};
}

bool use_refresh(sdk::Transaction& transaction, std::string_view hash, std::int64_t now) {
  return transaction
             .execute(
                 "UPDATE auth_refresh_tokens SET used_at = $2 WHERE hash = $1 AND used_at IS "
                 "NULL",
                 hash, now)
             .changed != 0;
}

void add_revocation(sdk::Transaction& transaction, const Revocation& revocation) {
  const bool of_user = revocation.kind == Revocation::Kind::User;
  transaction.execute(
      "INSERT INTO auth_revocations (kind, subject, generation, expires_at) VALUES ($1, $2, $3, "
      "$4) "
      "ON CONFLICT (kind, subject) DO UPDATE SET generation = excluded.generation, "
      "expires_at = excluded.expires_at",
      std::string_view(of_user ? "user" : "session"), revocation.subject, revocation.generation,
      revocation.expires);
}

std::vector<Revocation> revocations(sdk::Transaction& transaction, std::int64_t now) {
  // In pages: one answer is bounded, this table is so by the rate of logins and their life only.
  constexpr std::int64_t kPage = 5000;
  std::vector<Revocation> out;
  std::string after_kind;
  std::string after_subject;
  while (true) {
    const auto page = transaction.execute(
        "SELECT kind, subject, generation, expires_at FROM auth_revocations WHERE expires_at >= $1 "
        "AND (kind > $2 OR (kind = $2 AND subject > $3)) ORDER BY kind, subject LIMIT $4",
        now, after_kind, after_subject, kPage);
    for (const sdk::SqlRow& row : page.rows) {
      after_kind = row[0].as_text();
      after_subject = row[1].as_text();
      out.push_back({after_kind == "user" ? Revocation::Kind::User : Revocation::Kind::Session,
                     after_subject, row[2].as_int(), row[3].as_int()});
    }
    if (page.rows.size() < static_cast<std::size_t>(kPage)) {
      return out;
    }
  }
}

void purge(sdk::Transaction& transaction, std::int64_t now) {
  transaction.execute("DELETE FROM auth_refresh_tokens WHERE expires_at < $1", now);
  transaction.execute("DELETE FROM auth_sessions WHERE expires_at < $1", now);
  transaction.execute("DELETE FROM auth_revocations WHERE expires_at < $1", now);
}

}  // namespace cardea::auth::login_sessions
