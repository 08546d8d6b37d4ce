// The SQLite module's settings.
#pragma once

#include <array>

#include <cardea/sdk/config.hpp>

namespace cardea::database_sqlite {

inline constexpr std::array kConfigKeys = {
    sdk::config::integer("database_sqlite", "busy_timeout", "5000", 0, 60'000,
                         "Milliseconds to wait while another process writes."),
    sdk::config::integer("database_sqlite", "queue", "1024", 1, 1'000'000,
                         "Transactions that may wait; more are refused and counted."),
};

}  // namespace cardea::database_sqlite
