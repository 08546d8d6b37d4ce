// The modules of the server: made, connected to what they offer, their tables brought up to date.
#include <algorithm>
#include <type_traits>
#include <utility>

#include <cardea/admission.h>
#include <cardea/bus.h>
#include <cardea/database.h>
#include <cardea/identity.h>
#include <cardea/rest.h>

#include "core/host/commands.hpp"
#include "core/host/host.hpp"
#include "core/host/services.hpp"
#include "core/host/version.hpp"
#include "core/modules/rest_bridge.hpp"

namespace cardea::host {

Result<void> Host::create_modules(const std::vector<modules::Library>& libraries, bool serving) {
  const auto optional = config_.list("modules", "optional");
  for (const auto& library : libraries) {
    auto created = create_module(library);
    if (!created && std::find(optional.begin(), optional.end(), library.name) == optional.end()) {
      return created;
    }
    if (!created) {
      log_.warn("left out: {}", created.error().message);
    }
    if (created && serving) {
      if (auto connected = connect_module(*modules_.back()); !connected) {
        return connected;
      }
    }
  }
  return {};
}

Result<void> Host::create_module(const modules::Library& library) {
  auto module =
      std::make_unique<modules::Module>(library, services_, transports_.count(),
                                        [this](const modules::Module& asker, std::string_view id) {
                                          return interface_of_required(asker, id);
                                        });
  auto created = module->create(module_configuration(library, config_));
  if (!created) {
    return created;
  }
  modules_.push_back(std::move(module));
  log_.info("module {} {} loaded", library.name, library.info->version_text);
  return {};
}

Result<void> Host::connect_module(modules::Module& running) {
  if (const auto* feature = running.interface<cardea_feature_t>(CARDEA_FEATURE)) {
    features_.push_back(std::make_unique<modules::FeatureBridge>(running, *feature));
    api_.add_feature(*features_.back());
  }
  if (const auto* sink = running.interface<cardea_event_sink_t>(CARDEA_EVENT_SINK)) {
    event_sinks_.push_back(std::make_unique<modules::EventSinkBridge>(running, *sink));
    bus_.add(*event_sinks_.back());
  }
  if (const auto* owner = running.interface<cardea_admission_t>(CARDEA_ADMISSION)) {
    api_.set_admission([&running, owner](std::string_view feature, cardea_handle_t handle,
                                         std::string_view operation, std::string_view body) {
      return owner->judge(running.instance(), {feature.data(), feature.size()}, handle,
                          {operation.data(), operation.size()}, {body.data(), body.size()});
    });
  }
  if (const auto* transport = running.interface<cardea_transport_t>(CARDEA_TRANSPORT)) {
    transports_.add(running, *transport);
    const auto& info = running.info();
    const char* id = info.aliases != nullptr && *info.aliases != nullptr ? *info.aliases : info.id;
    session_settings_.transports.push_back(
        {id, info.name, info.author, info.description, info.version_text, info.version});
  }
  return connect_rest(running);
}

Result<void> Host::connect_rest(modules::Module& running) {
  if (const auto* bus = running.interface<cardea_bus_t>(CARDEA_BUS)) {
    rest_.set_bus(bus);
  }
  if (const auto* identity = running.interface<cardea_identity_t>(CARDEA_IDENTITY)) {
    rest_.set_identity(identity);
    api_.set_identity(*identity);
  }
  const auto* operations = running.interface<cardea_rest_t>(CARDEA_REST);
  return operations == nullptr ? Result<void>()
                               : modules::add_rest_module(rest_, running, *operations);
}

const void* Host::interface_of_required(const modules::Module& asker, std::string_view id) const {
  const std::string wanted(id);
  for (const auto& module : modules_) {
    for (const char* const* needed = asker.info().requires_ids;
         needed != nullptr && *needed != nullptr; ++needed) {
      const std::string_view id_needed(*needed);
      if (!module->library().answers_to(id_needed.substr(id_needed.starts_with('?') ? 1 : 0))) {
        continue;
      }
      if (const void* table = module->info().get_interface(module->instance(), wanted.c_str())) {
        return table;
      }
    }
  }
  return nullptr;
}

Result<std::unique_ptr<Migrations>> Host::migrations() {
  const cardea_database_t* database = nullptr;
  std::vector<const cardea_schema_t*> schemas;
  for (const auto& module : modules_) {
    if (module->library().answers_to(CARDEA_DATABASE_MODULE)) {
      database = module->interface<cardea_database_t>(CARDEA_DATABASE);
    }
    if (const auto* schema = module->interface<cardea_schema_t>(CARDEA_SCHEMA)) {
      schemas.push_back(schema);
    }
  }
  if (schemas.empty()) {
    return std::unique_ptr<Migrations>();
  }
  if (database == nullptr) {
    return Error{std::string("module ") + schemas.front()->module +
                 " has tables, and there is no database"};
  }
  return std::make_unique<Migrations>(*database, executor_, schemas,
                                      std::chrono::seconds(config_.integer("database", "wait")));
}

Result<void> Host::update_tables() {
  auto tables = migrations();
  if (!tables || *tables == nullptr) {
    return tables ? Result<void>() : tables.error();
  }
  if (!config_.boolean("database", "auto_migrate")) {
    return (*tables)->check();
  }
  const auto lines = (*tables)->up();
  if (!lines) {
    return lines.error();
  }
  for (const auto& line : *lines) {
    log_.info("tables: {}", line);
  }
  return {};
}

Result<int> Host::command(const std::vector<modules::Library>& libraries, const Options& options) {
  if (auto created = create_modules(libraries, false); !created) {
    return created.error();
  }
  const auto found = find_command(modules_, options.words);
  if (!found) {
    return found.error();
  }
  if (auto updated = update_tables(); !updated) {
    return updated.error();
  }
  return run_command(*found, options.words, executor_);
}

Result<Migrations::Lines> Host::migrate(const std::vector<modules::Library>& libraries,
                                        const Options& options) {
  if (auto created = create_modules(libraries, false); !created) {
    return created.error();
  }
  auto tables = migrations();
  if (!tables) {
    return tables.error();
  }
  if (*tables == nullptr) {
    return Migrations::Lines{"no module has tables"};
  }
  if (options.migration == "up") {
    return (*tables)->up();
  }
  if (options.migration == "down") {
    return (*tables)->down(options.steps);
  }
  return options.migration == "status" ? (*tables)->status() : (*tables)->history();
}

Json Host::health(Time begun) const {
  const auto state = [this](const char* id, const char* interface, auto* typed) {
    using Table = std::remove_pointer_t<decltype(typed)>;
    const char* found = "none";
    for (const auto& module : modules_) {
      if (const auto* table =
              module->library().answers_to(id) ? module->interface<Table>(interface) : nullptr) {
        found = table->ready(table->instance) != 0 ? "up" : "down";
      }
    }
    return std::string(found);
  };
  const std::string database =
      state(CARDEA_DATABASE_MODULE, CARDEA_DATABASE, static_cast<cardea_database_t*>(nullptr));
  const std::string bus = state(CARDEA_BUS_MODULE, CARDEA_BUS, static_cast<cardea_bus_t*>(nullptr));
  const bool degraded = database == "down" || bus == "down";
  return Json::object(
      {{"status", degraded ? "degraded" : "healthy"},
       {"version", kVersion},
       {"database", database},
       {"bus", bus},
       {"websocket_connections", transports_.open_clients()},
       {"janus_sessions", api_.session_count()},
       {"uptime_seconds",
        std::chrono::duration_cast<std::chrono::seconds>(loop_.now() - begun).count()}});
}

}  // namespace cardea::host
