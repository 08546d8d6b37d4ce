// What the module of presence declares: configuration keys and REST operations.
#pragma once

#include <array>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/rest.hpp>

#include "plugins/presence/presence.hpp"

namespace cardea::presence {

namespace config = sdk::config;
namespace param = sdk::param;

inline constexpr std::int64_t kMostAsked = 200;
inline constexpr std::int64_t kMostShown = 5000;
inline constexpr std::int64_t kLongestWait = 30;

constexpr cardea_config_key_t scope_key() {
  return {"presence",
          "scope",
          CARDEA_CONFIG_ENUM,
          "all",
          0,
          0,
          "all|rooms|team",
          "who sees whom: all accounts, those in the same room, those of the same team"};
}
inline constexpr std::array kConfigKeys{
    scope_key(),
    config::integer("presence", "node_timeout", "15", 3, 30,
                    "seconds of silence after which the people of another node count as gone"),
};

inline constexpr std::array kWhom{
    param::text("user_ids", 200 * 65,
                "separated by commas, at most 200; everybody else is left "
                "out. When it is missing: all who are here")};
inline constexpr std::array kOne{
    param::required(param::text("user_id", 64)),
    param::required(
        param::text("status", 16, "online, idle, dnd, invisible (of oneself), offline")),
    param::text("username", 64),
};
inline constexpr std::array kPoll{
    param::text("cursor", 128, "of the last answer; everybody when it is missing"),
    param::integer("wait", 0, kLongestWait, "seconds; 25 when it is missing"),
};
inline constexpr std::array kPolled{
    param::required(param::text("cursor", 128)),
    param::required(param::boolean("full", "these are all who are here; else what changed")),
    param::required(param::array("users", kMostShown, kOne)),
};
inline constexpr cardea_param_t kList = param::array("presence", kMostShown, kOne);
inline constexpr cardea_param_t kPollResult = param::object("changes", kPolled);

using Operation = sdk::RestOperation<Presence>;
inline constexpr std::array kOperations{
    Operation{.id = "presence.show",
              .method = "GET",
              .path = "/presence",
              .handle = sdk::rest_method<&Presence::show>(),
              .params = kWhom,
              .result = &kList,
              .help = "Who is here, as far as the caller may know"},
    Operation{.id = "presence.poll",
              .method = "GET",
              .path = "/presence/poll",
              .handle = sdk::rest_method<&Presence::poll>(),
              .params = kPoll,
              .result = &kPollResult,
              .help = "What changed since the last answer; waits for it when nothing has"},
};

}  // namespace cardea::presence
