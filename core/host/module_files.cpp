#include "core/host/module_files.hpp"

#include <algorithm>
#include <filesystem>
#include <span>
#include <string_view>

#include "core/base/address.hpp"
#include "core/host/services.hpp"
#include "core/host/session_settings.hpp"

namespace cardea::host {

namespace {

bool contains(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string name_of(const std::string& file) { return std::filesystem::path(file).stem().string(); }

// "conf/cardea.conf:12: [modules] load: ..." as other configuration errors look.
std::string config_error(const config::Config& config, const char* key, const std::string& reason) {
  return config.origin("modules", key) + ": [modules] " + key + ": " + reason;
}

/// All module files of the server's folder and of those that the configuration adds.
std::vector<std::string> module_files_below(const std::string& folder, const config::Config& config,
                                            std::vector<std::string>& errors) {
  std::vector<std::string> folders{folder + "/plugins", folder + "/transports"};
  for (const auto& path : config.list("modules", "paths")) {
    std::error_code failed;
    if (!std::filesystem::is_directory(path, failed)) {
      errors.push_back(config_error(config, "paths", "no folder " + path));
    }
    folders.push_back(path);
  }
  std::vector<std::string> files;
  for (const auto& each : folders) {
    const auto more = modules::module_files(each);
    files.insert(files.end(), more.begin(), more.end());
  }
  return files;
}

}  // namespace

ModuleFiles find_modules(const std::string& folder, const config::Config& config) {
  ModuleFiles found;
  const auto files = module_files_below(folder, config, found.errors);
  const auto wanted = config.list("modules", "load");
  const auto disabled = config.list("modules", "disable");
  const auto optional = config.list("modules", "optional");
  const bool all = contains(wanted, "all");
  const std::string missing = "not in " + folder + ": ";
  for (const auto& name : wanted) {
    const bool there = std::any_of(files.begin(), files.end(),
                                   [&](const std::string& file) { return name_of(file) == name; });
    if (name != "all" && !there) {
      found.errors.push_back(config_error(config, "load", missing + name));
    }
  }
  for (const auto& file : files) {
    const auto name = name_of(file);
    if ((!all && !contains(wanted, name)) || contains(disabled, name) ||
        serves_another_scheme(name, config)) {
      continue;
    }
    auto library = modules::open_library(file);
    if (library) {
      found.libraries.push_back(*std::move(library));
    } else {
      (contains(optional, name) ? found.warnings : found.errors)
          .push_back("module " + library.error().message);
    }
  }
  const auto unserved = unserved_urls(found.libraries, config);
  found.errors.insert(found.errors.end(), unserved.begin(), unserved.end());
  auto ordered = modules::order_by_requirements(found.libraries);
  if (ordered) {
    found.libraries = *std::move(ordered);
  } else {
    found.errors.push_back(ordered.error().message);
  }
  return found;
}

config::DeclarationSet declarations_of(const modules::Library& library) {
  const bool transport = std::string_view(library.info->kind) == "transport";
  return {library.name,
          (transport ? "transports/" : "plugins/") + library.name + ".conf",
          {library.info->config_keys, library.info->config_key_count}};
}

Result<void> check_admin_secret(const std::vector<modules::Library>& libraries,
                                const config::Config& config) {
  if (!is_weak_secret(config.text("admin", "secret"))) {
    return {};
  }
  for (const auto& library : libraries) {
    const std::span keys(library.info->config_keys, library.info->config_key_count);
    for (const cardea_config_key_t& key : keys) {
      if (std::string_view(key.key) != "admin_address") {
        continue;
      }
      const std::string address = config.text(key.section, key.key);
      const auto ip = Address::parse(address, 0);
      if (!ip || !ip->is_loopback()) {
        return Error{config.origin(key.section, key.key) + ": [" + key.section +
                     "] admin_address: others can reach " + address +
                     ", and [admin] secret is empty, short or a sample: set one of at least 16 "
                     "characters, or keep the address on loopback"};
      }
    }
  }
  return {};
}

}  // namespace cardea::host
