#include "plugins/auth/user_lists.hpp"

#include <string>

#include "plugins/auth/usernames.hpp"

namespace cardea::auth::user_lists {

namespace {

constexpr std::string_view kMatches =
    "WHERE (username_key LIKE $1 ESCAPE '!' OR LOWER(display_name) LIKE $1 ESCAPE '!' OR "
    "email_key LIKE $1 ESCAPE '!')";

std::string pattern(std::string_view text) {
  std::string out = "%";
  for (const char c : folded(text)) {
    if (c == '%' || c == '_' || c == '!') {
      out += '!';
    }
    out += c;
  }
  return out + "%";
}

// How many accounts were made in each of the last `count` spans.
std::vector<std::int64_t> new_users(sdk::Transaction& transaction, std::int64_t now,
                                    std::int64_t span, std::int64_t count) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(count), 0);
  const auto found = transaction.execute(
      "SELECT ($1 - created_at) / $2 AS ago, COUNT(*) FROM users WHERE created_at > $3 AND "
      "created_at <= $1 GROUP BY ago",
      now, span, now - span * count);
  for (const sdk::SqlRow& row : found.rows) {
    const auto ago = static_cast<std::size_t>(row[0].as_int());
    if (ago < out.size()) {
      out[ago] = row[1].as_int();
    }
  }
  return out;
}

}  // namespace

Page search(sdk::Transaction& transaction, std::string_view text, std::int64_t limit,
            std::int64_t offset) {
  const std::string like = pattern(text);
  Page page;
  page.users = users::select(
      transaction, std::string(kMatches) + " ORDER BY created_at DESC, id LIMIT $2 OFFSET $3", like,
      limit, offset);
  page.total =
      transaction.execute(std::string("SELECT COUNT(*) FROM users ").append(kMatches), like)
          .value()
          .as_int();
  return page;
}

std::vector<User> moderators(sdk::Transaction& transaction) {
  return users::select(transaction, "WHERE is_moderator = $1 ORDER BY username_key LIMIT 1000", 1);
}

Numbers numbers(sdk::Transaction& transaction, std::int64_t now) {
  constexpr std::int64_t kDay = 86'400;
  Numbers out;
  const auto all = transaction.execute(
      "SELECT COUNT(*), COALESCE(SUM(is_admin), 0), COALESCE(SUM(disabled), 0) FROM users");
  if (!all.rows.empty()) {
    out.users = all.rows[0][0].as_int();
    out.admins = all.rows[0][1].as_int();
    out.disabled = all.rows[0][2].as_int();
  }
  out.logins = transaction.execute("SELECT COUNT(*) FROM auth_sessions WHERE expires_at > $1", now)
                   .value()
                   .as_int();
  out.by_day = new_users(transaction, now, kDay, 30);
  out.by_week = new_users(transaction, now, 7 * kDay, 12);
  out.by_month = new_users(transaction, now, 30 * kDay, 12);
  return out;
}

}  // namespace cardea::auth::user_lists
