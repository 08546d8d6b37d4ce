// From the configuration to what the session layer is told.
#pragma once

#include <string>
#include <string_view>

#include "core/config/config.hpp"
#include "core/session/settings.hpp"

namespace cardea::host {

session::Settings session_settings(const config::Config& config);

/// Whether every URL of a list separated by spaces names a loopback address. True for an empty
/// list.
bool all_loopback(const std::string& addresses);

/// Empty, short, or out of somebody's sample: no secret to stand before the internet (threat S17).
bool is_weak_secret(std::string_view secret);

}  // namespace cardea::host
