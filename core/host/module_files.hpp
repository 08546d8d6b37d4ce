// Which module files the configuration asks for, opened and in the order in which they must be
// created.
#pragma once

#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/modules/library.hpp"

namespace cardea::host {

struct ModuleFiles {
  std::vector<modules::Library> libraries;  ///< what others require comes first
  std::vector<std::string> errors;          ///< any entry must stop the start
  std::vector<std::string> warnings;        ///< optional modules that are left out
};

/// @param folder holds plugins/ and transports/.
/// @param config read with the core's declarations: [modules] load, disable, optional, paths.
ModuleFiles find_modules(const std::string& folder, const config::Config& config);

/// What a module understands, under the file name that a configuration folder has for it.
config::DeclarationSet declarations_of(const modules::Library& library);

/// Whether others may reach the Admin API and its secret would not keep them out (threat S17),
/// judged before any port opens by the keys `admin_address` that transports declare.
Result<void> check_admin_secret(const std::vector<modules::Library>& libraries,
                                const config::Config& config);

}  // namespace cardea::host
