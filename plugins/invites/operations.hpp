// What the module of registration codes declares: configuration keys and REST operations.
#pragma once

#include <array>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/rest.hpp>

#include "plugins/invites/plugin.hpp"

namespace cardea::invites {

namespace config = sdk::config;
namespace param = sdk::param;

inline constexpr std::int64_t kLargestPage = 200;
inline constexpr std::int64_t kMostUses = 10'000;
inline constexpr std::int64_t kMostHours = 87'600;  // ten years

inline constexpr std::array kConfigKeys{
    config::boolean("invites", "required", "no", "whether an account needs a code"),
    config::integer("invites", "per_user", "3", 0, 50, "codes that each new account may give away"),
    config::integer("invites", "code_days", "0", 0, 3650,
                    "days that those codes can be used; 0: for ever"),
};

inline constexpr std::array kCode{
    param::required(param::text("id", 32)),
    param::required(param::text("code", 16)),
    param::required(param::text("url", 0, "opens the sign-up with the code filled in")),
    param::required(param::text("note", 200)),
    param::required(param::boolean("used", "nobody else can use it")),
    param::required(param::integer("uses", 0, kMostUses)),
    param::required(param::integer("max_uses", 1, kMostUses)),
    param::text("used_by", 64, "id of the account that used it last"),
    param::id("expires_at", "seconds since 1970"),
    param::required(param::id("created_at", "seconds since 1970")),
};
inline constexpr std::array kAllCodes{
    param::required(param::array("invites", kLargestPage, kCode)),
    param::required(param::integer("total", 0, param::kLargestInt)),
};
inline constexpr std::array kMadeCodes{param::required(param::array("invites", 50, kCode))};
inline constexpr std::array kRequired{param::required(param::boolean("invite_required"))};
inline constexpr cardea_param_t kRequiredResult = param::object("required", kRequired);
inline constexpr cardea_param_t kOwnResult = param::array("invites", kLargestPage, kCode);
inline constexpr cardea_param_t kAllResult = param::object("invites", kAllCodes);
inline constexpr cardea_param_t kMadeResult = param::object("invites", kMadeCodes);

inline constexpr std::array kPage{
    param::integer("limit", 1, kLargestPage, "50 when it is missing"),
    param::integer("offset", 0, param::kLargestInt),
};
inline constexpr std::array kOne{param::required(param::text("id", 32))};
inline constexpr std::array kMake{
    param::required(param::integer("count", 1, 50)),
    param::integer("max_uses", 1, kMostUses, "accounts that each code makes; 1 when it is missing"),
    param::integer("expires_in_hours", 1, kMostHours, "for ever when it is missing"),
    param::text("note", 200, "for the list"),
};

using Operation = sdk::RestOperation<Invites>;
inline constexpr std::array kOperations{
    Operation{.id = "invites.required",
              .method = "GET",
              .path = "/auth/invite-required",
              .handle = sdk::rest_method<&Invites::required>(),
              .access = CARDEA_RANK_NOBODY,
              .result = &kRequiredResult,
              .help = "Whether an account needs a code"},
    Operation{.id = "invites.list",
              .method = "GET",
              .path = "/registration-invites",
              .handle = sdk::rest_method<&Invites::list_own>(),
              .params = kPage,
              .result = &kOwnResult,
              .help = "The codes that the caller may give away"},
    Operation{.id = "invites.revoke",
              .method = "DELETE",
              .path = "/registration-invites/{id}",
              .handle = sdk::rest_method<&Invites::revoke_own>(),
              .params = kOne,
              .status = 204,
              .help = "Ends a code of the caller's that nobody has used"},
    Operation{.id = "invites.list_all",
              .method = "GET",
              .path = "/admin/registration-invites",
              .handle = sdk::rest_method<&Invites::list_all>(),
              .access = CARDEA_RANK_ADMIN,
              .params = kPage,
              .result = &kAllResult,
              .help = "All codes, the latest first"},
    Operation{.id = "invites.make",
              .method = "POST",
              .path = "/admin/registration-invites",
              .handle = sdk::rest_method<&Invites::make>(),
              .access = CARDEA_RANK_ADMIN,
              .params = kMake,
              .status = 201,
              .result = &kMadeResult,
              .help = "Makes codes"},
    Operation{.id = "invites.revoke_any",
              .method = "DELETE",
              .path = "/admin/registration-invites/{id}",
              .handle = sdk::rest_method<&Invites::revoke_any>(),
              .access = CARDEA_RANK_ADMIN,
              .params = kOne,
              .status = 204,
              .help = "Ends a code that nobody has used"},
};

}  // namespace cardea::invites
