// Bans and the audit log in the database.
#include <cardea/sdk/ids.hpp>

#include "plugins/rooms/store.hpp"

namespace cardea::rooms::store {

void put(sdk::Transaction& transaction, const Ban& ban) {
  transaction.execute(
      "INSERT INTO room_bans (id, room_id, user_id, username, address, cookie, reason, banned_by,"
      " created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      ban.id, ban.room, ban.user, ban.username, ban.address, ban.cookie, ban.reason, ban.by,
      ban.created_at, ban.expires_at);
}

Json bans(sdk::Transaction& transaction, std::string_view room, std::int64_t now) {
  const auto rows = transaction.execute(
      "SELECT id, user_id, username, reason, banned_by, created_at, expires_at FROM room_bans"
      " WHERE room_id = $1 AND (expires_at = 0 OR expires_at > $2)"
      " ORDER BY created_at DESC, id LIMIT 1000",
      room, now);
  Json out = Json::array();
  for (const sdk::SqlRow& row : rows.rows) {
    out.push(Json::object({{"id", row[0].as_text()},
                           {"user_id", row[1].as_text()},
                           {"username", row[2].as_text()},
                           {"reason", row[3].as_text()},
                           {"banned_by", row[4].as_text()},
                           {"created_at", row[5].as_int()},
                           {"expires_at", row[6].as_int()}}));
  }
  return out;
}

bool lift(sdk::Transaction& transaction, std::string_view room, std::string_view ban) {
  return transaction.execute("DELETE FROM room_bans WHERE room_id = $1 AND id = $2", room, ban)
             .changed != 0;
}

std::optional<Ban> ban_of(sdk::Transaction& transaction, std::string_view room,
                          std::string_view user, std::string_view address, std::string_view cookie,
                          std::int64_t now) {
  const auto rows = transaction.execute(
      "SELECT id, reason, expires_at FROM room_bans WHERE room_id = $1 AND"
      " (expires_at = 0 OR expires_at > $2) AND (user_id = $3 OR (address <> '' AND address = $4)"
      " OR (cookie <> '' AND cookie = $5)) ORDER BY expires_at LIMIT 1",
      room, now, user, address, cookie);
  if (rows.rows.empty()) {
    return std::nullopt;
  }
  Ban out;
  out.id = rows.rows.front()[0].as_text();
  out.reason = rows.rows.front()[1].as_text();
  out.expires_at = rows.rows.front()[2].as_int();
  return out;
}

void write_down(sdk::Transaction& transaction, const Entry& entry, std::int64_t now) {
  constexpr std::int64_t kKept = 90LL * 86'400;
  transaction.execute("DELETE FROM room_audit WHERE room_id = $1 AND created_at < $2", entry.room,
                      now - kKept);
  transaction.execute(
      "INSERT INTO room_audit (id, room_id, actor, target, act, reason, created_at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)",
      sdk::random_text(), entry.room, entry.actor, entry.target, entry.act, entry.reason, now);
}

Json audit(sdk::Transaction& transaction, std::string_view room, std::int64_t limit) {
  const auto rows = transaction.execute(
      "SELECT actor, target, act, reason, created_at FROM room_audit WHERE room_id = $1"
      " ORDER BY created_at DESC, id LIMIT $2",
      room, limit);
  Json out = Json::array();
  for (const sdk::SqlRow& row : rows.rows) {
    out.push(Json::object({{"actor", row[0].as_text()},
                           {"target", row[1].as_text()},
                           {"act", row[2].as_text()},
                           {"reason", row[3].as_text()},
                           {"time", row[4].as_int()}}));
  }
  return out;
}

}  // namespace cardea::rooms::store
