#include "plugins/rooms/store.hpp"

#include <cardea/sdk/ids.hpp>

namespace cardea::rooms::store {

namespace {

#define CARDEA_ROOM                                                                           \
  "SELECT r.id, r.name, r.slug, r.type, r.visibility, r.owner_id, r.password_hash, r.topic, " \
  "r.description, r.capacity, r.max_publishers, r.bitrate, r.locked, r.lobby, r.guests, "     \
  "r.slow_mode, r.janus_room, r.created_at, r.last_active FROM rooms r "

Room read(const sdk::SqlRow& row) {
  Room out;
  out.id = row[0].as_text();
  out.name = row[1].as_text();
  out.slug = row[2].as_text();
  out.type = row[3].as_text();
  out.visibility = row[4].as_text();
  out.owner_id = row[5].as_text();
  out.password_hash = row[6].as_text();
  out.topic = row[7].as_text();
  out.description = row[8].as_text();
  out.capacity = row[9].as_int();
  out.max_publishers = row[10].as_int();
  out.bitrate = row[11].as_int();
  out.locked = row[12].as_int() != 0;
  out.lobby = row[13].as_int() != 0;
  out.guests = row[14].as_int() != 0;
  out.slow_mode = row[15].as_int();
  out.janus_room = static_cast<std::uint64_t>(row[16].as_int());
  out.created_at = row[17].as_int();
  out.last_active = row[18].as_int();
  return out;
}

}  // namespace

std::optional<Room> find(sdk::Transaction& transaction, std::string_view id_or_slug) {
  const auto rows =
      transaction.execute(CARDEA_ROOM "WHERE r.id = $1 OR r.slug = $2", id_or_slug, id_or_slug);
  return rows.rows.empty() ? std::nullopt : std::optional(read(rows.rows.front()));
}

bool name_is_taken(sdk::Transaction& transaction, const Room& room) {
  const std::string key = folded(room.name);
  return !transaction
              .execute("SELECT 1 FROM rooms WHERE (name_key = $1 OR slug = $2) AND id <> $3", key,
                       room.slug, room.id)
              .rows.empty();
}

std::int64_t count(sdk::Transaction& transaction) {
  return transaction.execute("SELECT count(*) FROM rooms").value().as_int();
}

void put(sdk::Transaction& transaction, const Room& room) {
  transaction.execute(
      "INSERT INTO rooms (id, name, name_key, slug, type, visibility, owner_id, password_hash,"
      " topic, description, capacity, max_publishers, bitrate, locked, lobby, guests, slow_mode,"
      " janus_room, created_at, last_active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
      " $12, $13, $14, $15, $16, $17, $18, $19, $20)",
      room.id, room.name, folded(room.name), room.slug, room.type, room.visibility, room.owner_id,
      room.password_hash, room.topic, room.description, room.capacity, room.max_publishers,
      room.bitrate, room.locked ? 1 : 0, room.lobby ? 1 : 0, room.guests ? 1 : 0, room.slow_mode,
      room.janus_room, room.created_at, room.last_active);
}

void change(sdk::Transaction& transaction, const Room& room) {
  transaction.execute(
      "UPDATE rooms SET name = $1, name_key = $2, slug = $3, visibility = $4, password_hash = $5,"
      " topic = $6, description = $7, capacity = $8, max_publishers = $9, bitrate = $10,"
      " locked = $11, lobby = $12, guests = $13, slow_mode = $14 WHERE id = $15",
      room.name, folded(room.name), room.slug, room.visibility, room.password_hash, room.topic,
      room.description, room.capacity, room.max_publishers, room.bitrate, room.locked ? 1 : 0,
      room.lobby ? 1 : 0, room.guests ? 1 : 0, room.slow_mode, room.id);
}

void remove(sdk::Transaction& transaction, std::string_view id) {
  transaction.execute("DELETE FROM rooms WHERE id = $1", id);
}

void touch(sdk::Transaction& transaction, std::string_view id, std::int64_t now) {
  transaction.execute("UPDATE rooms SET last_active = $1 WHERE id = $2", now, id);
}

std::vector<Room> list(sdk::Transaction& transaction, std::string_view user, bool all,
                       std::string_view words, std::int64_t limit, std::int64_t offset) {
  const auto rows = transaction.execute(
      CARDEA_ROOM
      "WHERE ($1 = 1 OR r.visibility = 'public' OR r.owner_id = $2 OR EXISTS (SELECT 1 FROM "
      "room_enrollments e WHERE e.room_id = r.id AND e.user_id = $3)) AND ($4 = '' OR "
      "substr(r.name_key, 1, length($5)) = $6 OR substr(r.slug, 1, length($7)) = $8) "
      "ORDER BY r.last_active DESC, r.id LIMIT $9 OFFSET $10",
      all ? 1 : 0, user, user, words, words, words, words, words, limit, offset);
  std::vector<Room> out;
  for (const sdk::SqlRow& row : rows.rows) {
    out.push_back(read(row));
  }
  return out;
}

std::string role_of(sdk::Transaction& transaction, std::string_view room, std::string_view user) {
  return std::string(
      transaction
          .execute("SELECT role FROM room_enrollments WHERE room_id = $1 AND user_id = $2", room,
                   user)
          .value()
          .as_text());
}

void enroll(sdk::Transaction& transaction, std::string_view room, std::string_view user,
            std::string_view role, std::int64_t now) {
  transaction.execute(
      "INSERT INTO room_enrollments (room_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (room_id, user_id) DO UPDATE SET role = excluded.role",
      room, user, role, now);
}

bool expel(sdk::Transaction& transaction, std::string_view room, std::string_view user) {
  return transaction
             .execute("DELETE FROM room_enrollments WHERE room_id = $1 AND user_id = $2", room,
                      user)
             .changed != 0;
}

Json enrollments(sdk::Transaction& transaction, std::string_view room) {
  const auto rows = transaction.execute(
      "SELECT e.user_id, u.username, e.role, e.created_at FROM room_enrollments e JOIN users u"
      " ON u.id = e.user_id WHERE e.room_id = $1 ORDER BY e.created_at, e.user_id LIMIT 1000",
      room);
  Json out = Json::array();
  for (const sdk::SqlRow& row : rows.rows) {
    out.push(Json::object({{"user_id", row[0].as_text()},
                           {"username", row[1].as_text()},
                           {"role", row[2].as_text()},
                           {"created_at", row[3].as_int()}}));
  }
  return out;
}

cardea_rank_t rank_of(sdk::Transaction& transaction, std::string_view user) {
  const auto rows =
      transaction.execute("SELECT is_admin, is_moderator FROM users WHERE id = $1", user);
  if (rows.rows.empty()) {
    return CARDEA_RANK_NOBODY;
  }
  const sdk::SqlRow& row = rows.rows.front();
  return row[0].as_int() != 0   ? CARDEA_RANK_ADMIN
         : row[1].as_int() != 0 ? CARDEA_RANK_MODERATOR
                                : CARDEA_RANK_USER;
}

std::string key(sdk::Transaction& transaction, std::string_view name) {
  transaction.execute("INSERT INTO room_keys (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                      name, sdk::random_text(4));
  return std::string(
      transaction.execute("SELECT value FROM room_keys WHERE name = $1", name).value().as_text());
}

}  // namespace cardea::rooms::store
