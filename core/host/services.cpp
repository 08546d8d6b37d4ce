#include "core/host/services.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <cardea/bus.h>
#include <cardea/database.h>
#include <cardea/sdk/json.hpp>

namespace cardea::host {

namespace {

struct Service {
  const char* section;  ///< also the beginning of its modules' names: "database_sqlite"
  const char* id;       ///< that its modules answer to
};
constexpr std::array<Service, 2> kServices{
    {{"database", CARDEA_DATABASE_MODULE}, {"bus", CARDEA_BUS_MODULE}}};

// Schemes whose module has another name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kOtherNames{
    {{"postgresql", "postgres"}, {"memory", "local"}}};

// "database_sqlite" for "sqlite:...".
std::string module_for(const Service& service, const config::Config& config) {
  const std::string url = config.text(service.section, "url");
  std::string scheme = url.substr(0, url.find_first_of(":+"));
  for (const auto& [other, name] : kOtherNames) {
    scheme = scheme == other ? name : scheme;
  }
  return std::string(service.section) + "_" + scheme;
}

}  // namespace

bool serves_another_scheme(std::string_view module, const config::Config& config) {
  return std::any_of(kServices.begin(), kServices.end(), [&](const Service& service) {
    return module.starts_with(std::string(service.section) + "_") &&
           module != module_for(service, config);
  });
}

std::vector<std::string> unserved_urls(const std::vector<modules::Library>& libraries,
                                       const config::Config& config) {
  std::vector<std::string> errors;
  for (const Service& service : kServices) {
    const std::string origin = config.origin(service.section, "url");
    const bool served = std::any_of(
        libraries.begin(), libraries.end(),
        [&](const modules::Library& library) { return library.answers_to(service.id); });
    if (!served && origin != "default") {
      // Not the URL itself: it may hold a password.
      errors.push_back(origin + ": [" + service.section + "] url: no module is loaded for it");
    }
  }
  return errors;
}

std::string module_configuration(const modules::Library& library, const config::Config& config) {
  std::string own = config.module_json(library.name);
  for (const Service& service : kServices) {
    if (!library.answers_to(service.id)) {
      continue;
    }
    auto json = Json::parse(own);
    const auto core = Json::parse(config.module_json("core"));
    if (json && core) {
      return json->set(service.section, (*core)[service.section]).dump();
    }
  }
  return own;
}

}  // namespace cardea::host
