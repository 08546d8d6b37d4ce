// What the module of rooms declares: configuration keys and REST operations.
#pragma once

#include <array>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/rest.hpp>

#include "plugins/rooms/rooms.hpp"

namespace cardea::rooms {

namespace config = sdk::config;
namespace param = sdk::param;

inline constexpr std::int64_t kMostListed = 100;
inline constexpr std::int64_t kMostRows = 1000;

inline constexpr std::array kConfigKeys{
    config::integer("rooms", "max_rooms", "100", 1, 100'000, "rooms at once"),
    config::boolean("rooms", "multi_join", "no", "whether a user may be in several rooms"),
    config::secret("rooms", "videoroom_admin_key", 256, "admin_key of the videoroom plugin"),
    config::text("rooms", "limit_join", "60/m", 32, "joins of one address"),
    config::text("turn", "stun", "", 256, "URL of a STUN server for clients, stun:host:3478"),
    config::list("turn", "uris", "", "URLs of TURN servers for clients, turn:host:3478"),
    config::secret("turn", "secret", 256, "what coturn has as static-auth-secret"),
    config::integer("turn", "ttl", "3600", 60, 604'800, "seconds that TURN credentials are good"),
};

// Parameters.
inline constexpr std::array kWhich{param::required(param::text("id", 64, "or the room's slug"))};
#define CARDEA_ROOM_SETTINGS                                                                     \
  param::text("password", 256, "empty: none"), param::boolean("public", "short for visibility"), \
      param::text("visibility", 16, "public, private (not listed) or invite"),                   \
      param::text("topic", 560, "at most 140 characters"), param::text("description", 2000),     \
      param::integer("capacity", 0, 10'000, "people; 0: no bound"),                              \
      param::integer("max_publishers", 1, 1000), param::integer("bitrate", 0, 100'000'000),      \
      param::boolean("locked", "nobody comes in but moderators"),                                \
      param::boolean("lobby", "moderators let everybody in one by one"),                         \
      param::boolean("guests", "people without an account may come"),                            \
      param::integer("slow_mode", 0, 3600, "seconds between chat messages of one person")
inline constexpr std::array kNew{param::required(param::text("name", 64)),
                                 param::text("type", 16, "video or voice"), CARDEA_ROOM_SETTINGS};
inline constexpr std::array kChange{param::required(param::text("id", 64)), param::text("name", 64),
                                    CARDEA_ROOM_SETTINGS};
#undef CARDEA_ROOM_SETTINGS
inline constexpr std::array kTopic{param::required(param::text("id", 64)),
                                   param::required(param::text("topic", 560))};
inline constexpr std::array kPage{
    param::text("q", 64, "beginning of a name"),
    param::integer("limit", 1, kMostListed, "100 when it is missing"),
    param::integer("offset", 0, param::kLargestInt),
};
inline constexpr std::array kJoin{param::required(param::text("id", 64)),
                                  param::text("password", 256)};
inline constexpr std::array kUserOf{param::required(param::text("id", 64)),
                                    param::required(param::text("user", 64))};
inline constexpr std::array kAdmit{param::required(param::text("id", 64)),
                                   param::required(param::text("user", 64)),
                                   param::boolean("admit", "yes when it is missing")};
inline constexpr std::array kKick{param::required(param::text("id", 64)),
                                  param::required(param::text("user", 64)),
                                  param::text("reason", 560)};
inline constexpr std::array kBan{
    param::required(param::text("id", 64)), param::required(param::text("user", 64)),
    param::integer("duration_hours", 0, 4464, "24 when it is missing; 0: for ever"),
    param::boolean("address", "the address, too; always so for guests"),
    param::text("reason", 560)};
inline constexpr std::array kBanOf{param::required(param::text("id", 64)),
                                   param::required(param::text("ban", 64))};
inline constexpr std::array kMute{param::required(param::text("id", 64)),
                                  param::required(param::text("user", 64)),
                                  param::required(param::boolean("muted")),
                                  param::text("kind", 8, "audio (when it is missing) or video")};
inline constexpr std::array kEnroll{param::required(param::text("id", 64)),
                                    param::required(param::text("user", 64)),
                                    param::text("role", 16, "member (when missing) or moderator")};

// Results.
inline constexpr std::array kRoom{
    param::required(param::text("id", 64)),
    param::required(param::text("name", 64)),
    param::required(param::text("slug", 64)),
    param::required(param::text("type", 16)),
    param::required(param::text("visibility", 16)),
    param::required(param::boolean("public")),
    param::required(param::text("owner_id", 64)),
    param::required(param::id("janus_room")),
    param::required(param::boolean("requires_password")),
    param::required(param::text("topic", 560)),
    param::required(param::text("description", 2000)),
    param::required(param::integer("capacity", 0, 10'000)),
    param::required(param::integer("max_publishers", 1, 1000)),
    param::required(param::integer("bitrate", 0, 100'000'000)),
    param::required(param::boolean("locked")),
    param::required(param::boolean("lobby")),
    param::required(param::boolean("guests")),
    param::required(param::integer("slow_mode", 0, 3600)),
    param::required(param::integer("created_at", 0, param::kLargestId)),
    param::required(param::integer("last_active", 0, param::kLargestId)),
    param::array("users", kMostRows, {}, "ids of who is in it"),
};
inline constexpr std::array kRoomList{param::required(param::array("rooms", kMostListed, kRoom))};
inline constexpr std::array kJoined{
    param::object("room", kRoom),
    param::boolean("waiting", "in the lobby: ask again after room:admitted"),
    param::text("room_token", 128, "for the Janus API, with `id` = participant"),
    param::id_or_none("participant"),
    param::text("ws_url", 1024),
    param::text("http_url", 1024),
    param::array("ice_servers", 8),
    param::array("permissions", 32),
    param::text("standing", 32),
};
inline constexpr std::array kWhere{param::required(param::object("rooms", {}, "user ids by room"))};
inline constexpr std::array kRows{param::required(param::array("items", kMostRows))};
inline constexpr std::array kTurn{
    param::required(param::text("username", 256)), param::required(param::text("password", 64)),
    param::required(param::array("uris", 16)), param::required(param::integer("ttl", 0, 604'800))};
inline constexpr std::array kTurnName{param::text("username", 64, "one's own when it is missing")};
inline constexpr cardea_param_t kRoomResult = param::object("room", kRoom);
inline constexpr cardea_param_t kListResult = param::object("rooms", kRoomList);
inline constexpr cardea_param_t kJoinResult = param::object("joined", kJoined);
inline constexpr cardea_param_t kWhereResult = param::object("where", kWhere);
inline constexpr cardea_param_t kRowsResult = param::object("list", kRows);
inline constexpr cardea_param_t kTurnResult = param::object("turn", kTurn);

std::span<const sdk::RestOperation<Rooms>> operations();

}  // namespace cardea::rooms
