// Service: the database of the server in Postgres.
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <libpq-fe.h>

#include <cardea/sdk/database_backend.hpp>

#include "plugins/database_postgres/connection.hpp"
#include "plugins/database_postgres/reach.hpp"

namespace cardea::database_postgres {

namespace {

// The reason is left out: libpq repeats parts of the URL in it.
std::string checked(std::string url) {
  // "postgresql+asyncpg://", as programs in Python write it.
  const std::size_t scheme = url.find(':');
  if (const std::size_t plus = url.find('+'); plus < scheme) {
    url.erase(plus, scheme - plus);
  }
  PQconninfoOption* options = PQconninfoParse(url.c_str(), nullptr);
  if (options == nullptr) {
    throw std::runtime_error(
        "[database] url: no Postgres URL; wants postgres://USER:PASSWORD@HOST:PORT/NAME");
  }
  PQconninfoFree(options);
  return url;
}

}  // namespace

class DatabasePostgres {
 public:
  static constexpr const char* kAliases[] = {CARDEA_DATABASE_MODULE, nullptr};
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "cardea.database.postgres",
      .name = "Postgres",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "The database on a Postgres server",
      .aliases = kAliases,
      .requires_ids = nullptr,
      .config_keys = nullptr,
      .config_key_count = 0,
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  DatabasePostgres(const cardea_host_t& table, const Json& config)
      : host_(table),
        queue_(host_, "postgres", connections(config), config["database"]["queue"].as_uint()) {}

  const void* get_interface(std::string_view id) const noexcept {
    return id == CARDEA_DATABASE ? &queue_.table() : nullptr;
  }

 private:
  std::vector<std::unique_ptr<sdk::SqlConnection>> connections(const Json& config) {
    const Json section = config["database"];
    const std::string url = checked(section["url"].text_or());
    std::vector<std::unique_ptr<sdk::SqlConnection>> out;
    for (std::int64_t i = 0; i < section["pool"].as_int(); ++i) {
      out.push_back(std::make_unique<Connection>(
          host_, url, std::chrono::seconds(section["timeout"].as_int()), reach_));
    }
    return out;
  }

  sdk::Host host_;
  Reach reach_;
  sdk::TransactionQueue queue_;
};

CARDEA_MODULE(DatabasePostgres);

}  // namespace cardea::database_postgres
