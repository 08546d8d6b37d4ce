// The Postgres module's settings.
#pragma once

#include <array>

#include <cardea/sdk/config.hpp>

namespace cardea::database_postgres {

inline constexpr std::array kConfigKeys = {
    sdk::config::integer("database_postgres", "timeout", "10", 1, 600,
                         "Seconds that one statement may take, and that a connection attempt may."),
    sdk::config::integer("database_postgres", "queue", "1024", 1, 1'000'000,
                         "Transactions that may wait; more are refused and counted."),
};

}  // namespace cardea::database_postgres
