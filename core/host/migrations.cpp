#include "core/host/migrations.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <thread>
#include <utility>

#include <poll.h>

namespace cardea::host {

namespace {

// How long a start waits for another node's steps.
constexpr auto kBusy = std::chrono::minutes(10);
constexpr auto kPause = std::chrono::milliseconds(200);
// Postgres's number of our lock among all advisory locks of a database.
constexpr std::int64_t kAdvisoryLock = 0x636172646561;

Error failure(const sdk::SqlResult& result) {
  return Error{"database: " + (result.error.empty() ? "cannot be reached" : result.error)};
}

// The transaction is the only one of its kind from here on; false when another node was first.
// SQLite's transactions are alone from their begin.
Result<bool> take_lock(sdk::Transaction& transaction) {
  if (transaction.dialect() != "postgres") {
    return true;
  }
  // The history must be read as it is after the lock, not as it was at the begin.
  if (const auto set = transaction.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
      !set) {
    return failure(set);
  }
  if (const auto set = transaction.execute("SET LOCAL statement_timeout = 0"); !set) {
    return failure(set);
  }
  const auto got = transaction.execute("SELECT pg_try_advisory_xact_lock($1)", kAdvisoryLock);
  if (!got) {
    return failure(got);
  }
  return got.value().as_int() != 0;
}

Result<void> make_history(sdk::Transaction& transaction) {
  const auto made = transaction.script(
      "CREATE TABLE IF NOT EXISTS cardea_migrations (sequence BIGINT NOT NULL PRIMARY KEY, "
      "module TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, direction TEXT NOT NULL, "
      "at_ms BIGINT NOT NULL)");
  return made ? Result<void>() : failure(made);
}

// How many steps of a module are applied.
Result<std::int64_t> level(sdk::Transaction& transaction, const char* module) {
  const auto last = transaction.execute(
      "SELECT number, direction FROM cardea_migrations WHERE module = $1 "
      "ORDER BY sequence DESC LIMIT 1",
      std::string_view(module));
  if (!last) {
    return failure(last);
  }
  if (last.rows.empty()) {
    return std::int64_t{0};
  }
  return last.rows[0][0].as_int() - (last.rows[0][1].as_text() == "down" ? 1 : 0);
}

Result<void> apply(sdk::Transaction& transaction, const char* module, std::int64_t number,
                   const cardea_migration_t& step, bool is_up) {
  const std::string what = std::string(module) + " " + std::to_string(number) + " " + step.name;
  if (const auto done = transaction.script(is_up ? step.up : step.down); !done) {
    return Error{"migration " + what + ": " + failure(done).message};
  }
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const auto noted = transaction.execute(
      "INSERT INTO cardea_migrations (sequence, module, number, name, direction, at_ms) "
      "SELECT COALESCE(MAX(sequence), 0) + 1, $1, $2, $3, $4, $5 FROM cardea_migrations",
      std::string_view(module), number, std::string_view(step.name),
      std::string_view(is_up ? "up" : "down"), now.count());
  return noted ? Result<void>() : failure(noted);
}

std::string utc(std::int64_t ms) {
  const std::time_t seconds = ms / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string line(std::string_view module, std::int64_t number, std::string_view name,
                 std::string_view what) {
  return std::string(module) + " " + std::to_string(number) + " " + std::string(name) + ": " +
         std::string(what);
}

Error too_new(const char* module, std::int64_t applied, std::int64_t known) {
  return Error{"the database is at step " + std::to_string(applied) + " of " + module +
               ", this program knows " + std::to_string(known) + ": it is too old for it"};
}

}  // namespace

Migrations::Migrations(const cardea_database_t& database, Executor& executor,
                       const std::vector<const cardea_schema_t*>& schemas,
                       std::chrono::seconds patience)
    : database_(database), executor_(executor), patience_(patience) {
  for (const cardea_schema_t* schema : schemas) {
    std::size_t count = 0;
    const cardea_migration_t* steps = schema->migrations(database.dialect, &count);
    modules_.push_back({schema->module, steps, static_cast<std::int64_t>(count)});
  }
}

Result<Migrations::Lines> Migrations::up() {
  Lines lines;
  for (const Steps& steps : modules_) {
    while (true) {
      const auto more = next_step(steps, lines);
      if (!more) {
        return more.error();
      }
      if (!*more) {
        break;
      }
    }
  }
  return lines;
}

Result<bool> Migrations::next_step(const Steps& steps, Lines& lines) {
  std::int64_t done = 0;
  const auto result = locked([&](sdk::Transaction& transaction) -> Result<void> {
    const auto applied = level(transaction, steps.module);
    if (!applied) {
      return applied.error();
    }
    if (*applied > steps.count) {
      return too_new(steps.module, *applied, steps.count);
    }
    done = *applied < steps.count ? *applied + 1 : 0;
    return done == 0 ? Result<void>()
                     : apply(transaction, steps.module, done, steps.steps[done - 1], true);
  });
  if (!result) {
    return result.error();
  }
  if (done != 0) {
    lines.push_back(line(steps.module, done, steps.steps[done - 1].name, "applied"));
  }
  return done != 0;
}

Result<Migrations::Lines> Migrations::down(int steps) {
  Lines lines;
  for (int i = 0; i < steps; ++i) {
    const auto done = last_step_back();
    if (!done) {
      return done.error();
    }
    lines.push_back(*done);
  }
  return lines;
}

Result<std::string> Migrations::last_step_back() {
  std::string told;
  const auto result = locked([&](sdk::Transaction& transaction) -> Result<void> {
    const auto last = newest(transaction);
    if (!last) {
      return last.error();
    }
    const auto applied = level(transaction, last->module);
    if (!applied) {
      return applied.error();
    }
    if (*applied > last->count) {
      return too_new(last->module, *applied, last->count);
    }
    const cardea_migration_t& step = last->steps[*applied - 1];
    if (step.down == nullptr) {
      return Error{line(last->module, *applied, step.name, "there is no way back from it")};
    }
    told = line(last->module, *applied, step.name, "taken back");
    return apply(transaction, last->module, *applied, step, false);
  });
  return result ? Result<std::string>(told) : result.error();
}

// The module whose step was applied last and still is.
Result<Migrations::Steps> Migrations::newest(sdk::Transaction& transaction) const {
  const Steps* found = nullptr;
  std::int64_t found_at = 0;
  for (const Steps& steps : modules_) {
    const auto applied = level(transaction, steps.module);
    if (!applied) {
      return applied.error();
    }
    const auto at = transaction.execute(
        "SELECT COALESCE(MAX(sequence), 0) FROM cardea_migrations "
        "WHERE module = $1 AND number = $2 AND direction = 'up'",
        std::string_view(steps.module), *applied);
    if (!at) {
      return failure(at);
    }
    if (at.value().as_int() > found_at) {
      found = &steps;
      found_at = at.value().as_int();
    }
  }
  return found == nullptr ? Result<Steps>(Error{"no step is applied"}) : *found;
}

Result<Migrations::Lines> Migrations::status() {
  Lines lines;
  const auto result = locked([&](sdk::Transaction& transaction) -> Result<void> {
    lines.clear();
    for (const Steps& steps : modules_) {
      const auto applied = level(transaction, steps.module);
      if (!applied) {
        return applied.error();
      }
      for (std::int64_t i = 0; i < steps.count; ++i) {
        lines.push_back(
            line(steps.module, i + 1, steps.steps[i].name, i < *applied ? "applied" : "missing"));
      }
      if (*applied > steps.count) {
        return too_new(steps.module, *applied, steps.count);
      }
    }
    return {};
  });
  return result ? Result<Lines>(lines) : result.error();
}

Result<Migrations::Lines> Migrations::history() {
  Lines lines;
  const auto result = locked([&](sdk::Transaction& transaction) -> Result<void> {
    lines.clear();
    const auto all = transaction.execute(
        "SELECT at_ms, module, number, name, direction FROM cardea_migrations ORDER BY sequence");
    for (const auto& row : all.rows) {
      lines.push_back(utc(row[0].as_int()) + " " +
                      line(row[1].as_text(), row[2].as_int(), row[3].as_text(), row[4].as_text()));
    }
    return all ? Result<void>() : failure(all);
  });
  return result ? Result<Lines>(lines) : result.error();
}

Result<void> Migrations::check() {
  const auto lines = status();
  if (!lines) {
    return lines.error();
  }
  const auto missing = std::find_if(lines->begin(), lines->end(), [](const std::string& each) {
    return each.ends_with(": missing");
  });
  return missing == lines->end()
             ? Result<void>()
             : Error{"[database] auto_migrate = no, and " + *missing + "; run `cardea migrate up`"};
}

Result<void> Migrations::locked(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  while (true) {
    bool busy = false;
    Result<void> result;
    const auto status = attempt(work, result, busy);
    const auto passed = std::chrono::steady_clock::now() - begin;
    if (busy && passed > kBusy) {
      return Error{"another node has been changing the tables for too long"};
    }
    if (!busy && status == CARDEA_SQL_UNAVAILABLE && passed > patience_) {
      return Error{"the database cannot be reached, see the log above", kNoDatabase};
    }
    if (!busy && status != CARDEA_SQL_UNAVAILABLE) {
      const bool silent = result.ok() && status != CARDEA_SQL_OK;
      return silent ? Error{"the database failed, see the log above"} : result;
    }
    std::this_thread::sleep_for(kPause);
  }
}

cardea_sql_status_t Migrations::attempt(const Work& work, Result<void>& result, bool& busy) {
  struct Turn {
    const cardea_database_t& database;
    const Work& work;
    Result<void>& result;
    bool& busy;
    cardea_sql_status_t status = CARDEA_SQL_UNAVAILABLE;
    bool ended = false;
  };
  Turn turn{database_, work, result, busy};
  const auto perform = [](void* argument, cardea_transaction_t* open) {
    auto& self = *static_cast<Turn*>(argument);
    sdk::Transaction transaction(self.database, open);
    const auto lock = take_lock(transaction);
    self.busy = lock.ok() && !*lock;
    self.result = lock ? Result<void>() : lock.error();
    if (!lock || self.busy) {
      return 1;
    }
    self.result = make_history(transaction);
    self.result = self.result ? self.work(transaction) : self.result;
    return self.result ? 0 : 1;
  };
  const auto done = [](void* argument, cardea_sql_status_t status) {
    auto& self = *static_cast<Turn*>(argument);
    self.status = status;
    self.ended = true;
  };
  if (database_.run(database_.instance, perform, done, &turn) != 0) {
    return turn.status;
  }
  while (!turn.ended) {
    pollfd ready{executor_.fd(), POLLIN, 0};
    static_cast<void>(poll(&ready, 1, -1));
    executor_.dispatch();
  }
  return turn.status;
}

}  // namespace cardea::host
