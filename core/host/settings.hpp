// The core's own configuration keys, and their values in typed form.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/config/config.hpp"

namespace cardea::host {

/// Declared in conf/cardea.conf's order.
std::span<const cardea_config_key_t> core_keys();

/// The core's declarations as config::Config wants them.
config::DeclarationSet core_declarations();

}  // namespace cardea::host
