// From the configuration to what the session layer is told.
#pragma once

#include <string>

#include "core/config/config.hpp"
#include "core/session/settings.hpp"

namespace cardea::host {

session::Settings session_settings(const config::Config& config);

/// Whether every URL of a list separated by spaces names a loopback address. True for an empty
/// list.
bool all_loopback(const std::string& addresses);

}  // namespace cardea::host
