// Service: the database of the server in a SQLite file.
#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <cardea/sdk/database_backend.hpp>

#include "plugins/database_sqlite/connection.hpp"

namespace cardea::database_sqlite {

namespace {

// "sqlite:PATH"; a relative path is one below the data folder.
std::string path_of(const std::string& url, const std::string& data_folder) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!url.starts_with(kScheme) || url.size() == kScheme.size()) {
    throw std::runtime_error("[database] url: wants sqlite:PATH");
  }
  // "sqlite:///path" is a URL of the same.
  const bool has_authority = url.starts_with("sqlite:///");
  const std::string path = url.substr(kScheme.size() + (has_authority ? 2 : 0));
  return path == ":memory:" ? path : (std::filesystem::path(data_folder) / path).string();
}

}  // namespace

class DatabaseSqlite {
 public:
  static constexpr const char* kAliases[] = {CARDEA_DATABASE_MODULE, nullptr};
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "cardea.database.sqlite",
      .name = "SQLite",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "The database in one file",
      .aliases = kAliases,
      .requires_ids = nullptr,
      .config_keys = nullptr,
      .config_key_count = 0,
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  DatabaseSqlite(const cardea_host_t& table, const Json& config)
      : host_(table),
        queue_(host_, "sqlite", connections(config), config["database"]["queue"].as_uint()) {}

  const void* get_interface(std::string_view id) const noexcept {
    return id == CARDEA_DATABASE ? &queue_.table() : nullptr;
  }

 private:
  // SQLite lets one write at a time, so one connection is as quick as many.
  [[nodiscard]] std::vector<std::unique_ptr<sdk::SqlConnection>> connections(
      const Json& config) const {
    std::vector<std::unique_ptr<sdk::SqlConnection>> out;
    out.push_back(std::make_unique<Connection>(
        host_, path_of(config["database"]["url"].text_or(), sdk::Server(host_).data_folder()),
        std::chrono::seconds(config["database"]["timeout"].as_int())));
    return out;
  }

  sdk::Host host_;
  sdk::TransactionQueue queue_;
};

CARDEA_MODULE(DatabaseSqlite);

}  // namespace cardea::database_sqlite
