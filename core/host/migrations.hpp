// Brings the tables of modules up to date, and back; `cardea migrate`.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <cardea/database.h>
#include <cardea/sdk/database.hpp>
#include <cardea/sdk/result.hpp>

#include "core/base/executor.hpp"

namespace cardea::host {

/// [control] While nothing is served yet: each call waits for the database. Every step is one
/// transaction, and only one node at a time makes one.
class Migrations {
 public:
  /// What was done, one line each.
  using Lines = std::vector<std::string>;

  /// Exit code of a start whose database did not answer in time.
  static constexpr int kNoDatabase = 3;

  /// @param patience with a database that does not answer.
  Migrations(const cardea_database_t& database, Executor& executor,
             const std::vector<const cardea_schema_t*>& schemas, std::chrono::seconds patience);

  /// Applies all steps that are missing.
  Result<Lines> up();
  /// Takes back so many steps, the last one first.
  Result<Lines> down(int steps);
  /// Every step of every module, applied or not.
  Result<Lines> status();
  /// What was done and when, oldest first.
  Result<Lines> history();
  /// An error when steps are missing.
  Result<void> check();

 private:
  struct Steps {
    const char* module;
    const cardea_migration_t* steps;
    std::int64_t count;
  };
  using Work = std::function<Result<void>(sdk::Transaction&)>;

  // Runs `work` under the lock, with the table of the history there.
  Result<void> locked(const Work& work);
  // One attempt. `busy` becomes true when another node has the lock.
  cardea_sql_status_t attempt(const Work& work, Result<void>& result, bool& busy);
  Result<bool> next_step(const Steps& steps, Lines& lines);
  Result<std::string> last_step_back();
  Result<Steps> newest(sdk::Transaction& transaction) const;

  const cardea_database_t& database_;
  Executor& executor_;
  const std::chrono::seconds patience_;
  std::vector<Steps> modules_;
};

}  // namespace cardea::host
