// What the module of live events declares: configuration keys and REST operations.
#pragma once

#include <array>
#include <span>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/rest.hpp>

#include "plugins/live/live.hpp"

namespace cardea::live {

namespace config = sdk::config;

inline constexpr std::array kConfigKeys{
    config::integer("ws", "max_per_user", "5", 1, 1000, "event sockets of one user at once"),
    config::integer("ws", "heartbeat_timeout", "90", 3, 3600,
                    "seconds of silence after which an event socket is closed"),
    config::integer("ws", "resume_within", "300", 1, 86'400,
                    "seconds for which the events of a lost connection are kept"),
    config::integer("ws", "reauth_hours", "24", 0, 8760,
                    "hours that a connection may outlive its token"),
    config::integer("live", "streams_per_user", "3", 1, 1000, "event streams of one user at once"),
    config::integer("live", "streams", "500", 1, 100'000, "event streams at once"),
    config::integer("live", "sessions", "20000", 1, 1'000'000,
                    "devices at once, those included that are away"),
};

std::span<const sdk::RestOperation<Live>> operations();

}  // namespace cardea::live
