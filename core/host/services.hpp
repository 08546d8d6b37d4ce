// Which module answers for a service that can have several: the one that the scheme of its URL
// names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/modules/library.hpp"

namespace cardea::host {

/// True for a module that serves another scheme than the configured one: database_postgres while
/// `[database] url` is sqlite:... Its file is not opened, because what it links need not be there.
bool serves_another_scheme(std::string_view module, const config::Config& config);

/// An error for each URL that somebody set and no module answers to.
std::vector<std::string> unserved_urls(const std::vector<modules::Library>& libraries,
                                       const config::Config& config);

/// What the module's create() gets: its own keys, and the service's section of the core's.
std::string module_configuration(const modules::Library& library, const config::Config& config);

}  // namespace cardea::host
