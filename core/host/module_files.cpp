#include "core/host/module_files.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

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

}  // namespace

ModuleFiles find_modules(const std::string& folder, const config::Config& config) {
  ModuleFiles found;
  std::vector<std::string> folders{folder + "/plugins", folder + "/transports"};
  for (const auto& path : config.list("modules", "paths")) {
    std::error_code failed;
    if (!std::filesystem::is_directory(path, failed)) {
      found.errors.push_back(config_error(config, "paths", "no folder " + path));
    }
    folders.push_back(path);
  }
  std::vector<std::string> files;
  for (const auto& each : folders) {
    const auto more = modules::module_files(each);
    files.insert(files.end(), more.begin(), more.end());
  }

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
    if ((!all && !contains(wanted, name)) || contains(disabled, name)) {
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

}  // namespace cardea::host
