// Rooms in the database; [work] functions on a transaction under way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/database.hpp>

#include "plugins/rooms/room.hpp"

namespace cardea::rooms::store {

std::optional<Room> find(sdk::Transaction& transaction, std::string_view id_or_slug);
bool name_is_taken(sdk::Transaction& transaction, const Room& room);
std::int64_t count(sdk::Transaction& transaction);
void put(sdk::Transaction& transaction, const Room& room);
void change(sdk::Transaction& transaction, const Room& room);
void remove(sdk::Transaction& transaction, std::string_view id);
void touch(sdk::Transaction& transaction, std::string_view id, std::int64_t now);
/// Public ones and those that this user owns or is enrolled in; who was active last comes first.
std::vector<Room> list(sdk::Transaction& transaction, std::string_view user, bool all,
                       std::string_view words, std::int64_t limit, std::int64_t offset);

/// Empty: none.
std::string role_of(sdk::Transaction& transaction, std::string_view room, std::string_view user);
void enroll(sdk::Transaction& transaction, std::string_view room, std::string_view user,
            std::string_view role, std::int64_t now);
bool expel(sdk::Transaction& transaction, std::string_view room, std::string_view user);
Json enrollments(sdk::Transaction& transaction, std::string_view room);
/// What an account may be over all rooms; NOBODY: there is no such account.
cardea_rank_t rank_of(sdk::Transaction& transaction, std::string_view user);

struct Ban {
  std::string id;
  std::string room;
  std::string user;
  std::string username;
  std::string address;
  std::string cookie;
  std::string reason;
  std::string by;
  std::int64_t created_at = 0;
  std::int64_t expires_at = 0;  ///< 0: never
};
void put(sdk::Transaction& transaction, const Ban& ban);
Json bans(sdk::Transaction& transaction, std::string_view room, std::int64_t now);
bool lift(sdk::Transaction& transaction, std::string_view room, std::string_view ban);
/// Address and cookie are asked for guests only; empty ones fit nothing.
std::optional<Ban> ban_of(sdk::Transaction& transaction, std::string_view room,
                          std::string_view user, std::string_view address, std::string_view cookie,
                          std::int64_t now);

struct Entry {
  std::string room;
  std::string actor;
  std::string target;
  std::string act;
  std::string reason;
};
void write_down(sdk::Transaction& transaction, const Entry& entry, std::int64_t now);
Json audit(sdk::Transaction& transaction, std::string_view room, std::int64_t limit);

/// The key of that name, which is made when there is none.
std::string key(sdk::Transaction& transaction, std::string_view name);

}  // namespace cardea::rooms::store
