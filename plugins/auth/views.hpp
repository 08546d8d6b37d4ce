// What answers look like: fields that several operations declare.
#pragma once

#include <array>

#include <cardea/sdk/operation.hpp>

namespace cardea::auth::views {

namespace param = sdk::param;

inline constexpr std::array kUser{
    param::required(param::text("id", 64)),
    param::required(param::text("username", 64)),
    param::required(param::text("display_name", 256)),
    param::any("email", "null when there is none"),
    param::required(param::boolean("email_verified")),
    param::required(param::text("provider", 64, "where the account comes from")),
    param::any("node_id", "null when there is none"),
    param::required(param::boolean("node_id_verified")),
    param::required(param::boolean("is_admin")),
    param::required(param::boolean("is_moderator")),
    param::any("last_room_id", "null when there is none"),
    param::required(param::integer("created_at", 0, param::kLargestId, "seconds since 1970")),
};
inline constexpr std::array kLogin{
    param::text("access_token", 8192),
    param::text("refresh_token", 128),
    param::text("token_type", 16, "bearer"),
    param::integer("expires_in", 0, param::kLargestInt, "seconds"),
    param::object("user", kUser),
    param::boolean("totp_required", "the rest is there after a login with totp_code"),
};
inline constexpr cardea_param_t kUserResult = param::object("user", kUser);
inline constexpr cardea_param_t kLoginResult = param::object("login", kLogin);

}  // namespace cardea::auth::views
