// What the module of profiles declares: configuration keys and REST operations.
#pragma once

#include <array>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/rest.hpp>

#include "plugins/profiles/avatar.hpp"
#include "plugins/profiles/plugin.hpp"

namespace cardea::profiles {

namespace config = sdk::config;
namespace param = sdk::param;

inline constexpr std::int64_t kMostFound = 50;
inline constexpr std::int64_t kMostListed = 200;
inline constexpr std::int64_t kMostBlocks = 1000;

inline constexpr std::array kConfigKeys{
    config::boolean("profiles", "directory", "yes", "whether accounts see the list of all others"),
    config::text("profiles", "limit_search", "30/m", 32, "searches of one address"),
    config::text("profiles", "limit_write", "20/m", 32, "changes of one address"),
};

// Profiles.
inline constexpr std::array kPrivacy{
    param::boolean("public", "others may read it; yes when it is missing"),
    param::boolean("discoverable", "others may find it; yes when it is missing"),
    param::boolean("show_compute", "others see `compute`; yes when it is missing"),
};
inline constexpr std::array kPut{
    param::required(param::text("name", 400, "1 to 100 characters")),
    param::text("description", 2000, "at most 500 characters"),
    param::object("expertise", {}, "levels 1 to 5 by skill of at most 50 characters"),
    param::object("compute", {}, "what the caller's machine offers"),
    param::text("p2p_uri_hint", 512),
    param::object("privacy", kPrivacy),
};
inline constexpr std::array kProfile{
    param::required(param::text("user_id", 64)),
    param::text("node_id", 64),
    param::required(param::text("name", 400)),
    param::required(param::text("description", 2000)),
    param::required(param::object("expertise", {}, "levels 1 to 5 by skill")),
    param::object("compute"),
    param::required(param::text("p2p_uri_hint", 512)),
    param::object("privacy", kPrivacy, "only one's own"),
    param::required(param::id("updated_at", "seconds since 1970")),
};
inline constexpr std::array kSearch{
    param::required(param::text("q", 100, "beginnings of words of the profile, all of them")),
    param::integer("min_level", 1, 5, "of a skill that fits; 1 when it is missing"),
    param::integer("limit", 1, kMostFound, "50 when it is missing"),
    param::integer("offset", 0, param::kLargestInt),
};
inline constexpr std::array kResult{
    param::required(param::text("user_id", 64)), param::text("node_id", 64),
    param::required(param::text("name", 400)),   param::required(param::text("description", 2000)),
    param::required(param::object("expertise")),
};
inline constexpr std::array kResults{
    param::required(param::array("results", kMostFound, kResult)),
    param::required(param::integer("total", 0, param::kLargestInt)),
};
inline constexpr std::array kNode{param::required(param::text("node_id", 64, "or a user's id"))};
inline constexpr cardea_param_t kProfileResult = param::object("profile", kProfile);
inline constexpr cardea_param_t kSearchResult = param::object("found", kResults);

// People.
inline constexpr std::array kPage{
    param::integer("limit", 1, kMostListed, "100 when it is missing"),
    param::integer("offset", 0, param::kLargestInt),
};
inline constexpr std::array kUser{
    param::required(param::text("id", 64)),
    param::required(param::text("username", 64)),
    param::required(param::text("display_name", 256)),
    param::required(param::boolean(
        "is_online", "here now, as presence has it; without it: seen within five minutes")),
    param::required(param::integer("last_seen", 0, param::kLargestId, "seconds since 1970")),
};
inline constexpr std::array kUsers{
    param::required(param::array("users", kMostListed, kUser)),
    param::required(param::integer("total", 0, param::kLargestInt)),
};
inline constexpr std::array kSettings{
    param::text("theme", 32),
    param::object("devices", {}, "chosen microphone, camera, speaker"),
    param::object("volumes", {}, "by user"),
    param::text("camera_preset", 32),
    param::text("share_preset", 32),
    param::boolean("allow_private_messages"),
};
inline constexpr std::array kSomebody{param::required(param::text("id", 64))};
inline constexpr std::array kBlocked{
    param::required(param::text("id", 64)),
    param::required(param::text("username", 64)),
    param::required(param::id("created_at", "seconds since 1970")),
};
inline constexpr std::array kBlocks{param::required(param::array("blocks", kMostBlocks, kBlocked))};
inline constexpr cardea_param_t kUsersResult = param::object("users", kUsers);
inline constexpr cardea_param_t kSettingsResult = param::object("settings", kSettings);
inline constexpr cardea_param_t kBlocksResult = param::object("blocks", kBlocks);

inline constexpr std::array kDpcProfile{"dpc GET /profile", static_cast<const char*>(nullptr)};
inline constexpr std::array kDpcPut{"dpc PUT /profile", static_cast<const char*>(nullptr)};
inline constexpr std::array kDpcOther{"dpc GET /profile/{node_id}",
                                      static_cast<const char*>(nullptr)};
inline constexpr std::array kDpcSearch{"dpc GET /discovery/search",
                                       static_cast<const char*>(nullptr)};
inline constexpr std::array kDistokUsers{"distok GET /api/users",
                                         static_cast<const char*>(nullptr)};

using Operation = sdk::RestOperation<Profiles>;
inline constexpr std::array kOperations{
    Operation{.id = "profile.show",
              .method = "GET",
              .path = "/profile",
              .handle = sdk::rest_method<&Profiles::show_own>(),
              .result = &kProfileResult,
              .help = "One's own profile",
              .aliases = kDpcProfile.data()},
    Operation{.id = "profile.put",
              .method = "PUT",
              .path = "/profile",
              .handle = sdk::rest_method<&Profiles::put_own>(),
              .params = kPut,
              .result = &kProfileResult,
              .help = "Makes or replaces one's own profile",
              .limit = "profile_write",
              .aliases = kDpcPut.data()},
    Operation{.id = "profile.other",
              .method = "GET",
              .path = "/profile/{node_id}",
              .handle = sdk::rest_method<&Profiles::show_other>(),
              .params = kNode,
              .result = &kProfileResult,
              .help = "Another's profile, when it is public",
              .aliases = kDpcOther.data()},
    Operation{.id = "discovery.search",
              .method = "GET",
              .path = "/discovery/search",
              .handle = sdk::rest_method<&Profiles::search>(),
              .params = kSearch,
              .result = &kSearchResult,
              .help = "Profiles with these words",
              .limit = "search",
              .aliases = kDpcSearch.data()},
    Operation{.id = "users.list",
              .method = "GET",
              .path = "/users",
              .handle = sdk::rest_method<&Profiles::directory>(),
              .params = kPage,
              .result = &kUsersResult,
              .help = "All accounts, who was seen last first",
              .aliases = kDistokUsers.data()},
    Operation{.id = "settings.show",
              .method = "GET",
              .path = "/users/me/settings",
              .handle = sdk::rest_method<&Profiles::show_settings>(),
              .result = &kSettingsResult,
              .help = "What the caller has set in his browsers"},
    Operation{.id = "settings.put",
              .method = "PUT",
              .path = "/users/me/settings",
              .handle = sdk::rest_method<&Profiles::put_settings>(),
              .params = kSettings,
              .result = &kSettingsResult,
              .help = "Replaces the caller's settings",
              .limit = "profile_write"},
    Operation{.id = "blocks.list",
              .method = "GET",
              .path = "/users/me/blocks",
              .handle = sdk::rest_method<&Profiles::list_blocks>(),
              .result = &kBlocksResult,
              .help = "Whom the caller blocks"},
    Operation{.id = "blocks.add",
              .method = "POST",
              .path = "/users/{id}/block",
              .handle = sdk::rest_method<&Profiles::block>(),
              .params = kSomebody,
              .status = 204,
              .help = "That account cannot call the caller or write to him, and is not told",
              .limit = "profile_write"},
    Operation{.id = "blocks.drop",
              .method = "DELETE",
              .path = "/users/{id}/block",
              .handle = sdk::rest_method<&Profiles::unblock>(),
              .params = kSomebody,
              .status = 204,
              .help = "Ends a block",
              .limit = "profile_write"},
    Operation{.id = "avatar.put",
              .method = "POST",
              .path = "/users/me/avatar",
              .handle = sdk::rest_method<&Profiles::put_avatar>(),
              .status = 204,
              .help = "The caller's picture: the middle of a PNG, JPEG or WebP",
              .limit = "profile_write",
              .max_body = kLargestUpload,
              .body_types = "image/png|image/jpeg|image/webp"},
    Operation{.id = "avatar.drop",
              .method = "DELETE",
              .path = "/users/me/avatar",
              .handle = sdk::rest_method<&Profiles::drop_avatar>(),
              .status = 204,
              .help = "Takes the caller's picture away",
              .limit = "profile_write"},
    Operation{.id = "avatar.show",
              .method = "GET",
              .path = "/users/{id}/avatar",
              .handle = sdk::rest_method<&Profiles::show_avatar>(),
              .access = CARDEA_RANK_NOBODY,
              .params = kSomebody,
              .help = "Somebody's picture",
              .result_type = "image/png"},
};

}  // namespace cardea::profiles
