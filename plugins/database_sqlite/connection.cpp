#include "plugins/database_sqlite/connection.hpp"

#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace cardea::database_sqlite {

namespace {

// Statements kept ready. A module has some dozens; more means that values are written into SQL.
constexpr std::size_t kMaxStatements = 256;
constexpr const char* kInMemory = ":memory:";

cardea_sql_value_t column(sqlite3_stmt* statement, int index) {
  cardea_sql_value_t value{};
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
      value.type = CARDEA_SQL_INTEGER;
      value.integer = sqlite3_column_int64(statement, index);
      break;
    case SQLITE_FLOAT:
      value.type = CARDEA_SQL_REAL;
      value.real = sqlite3_column_double(statement, index);
      break;
    case SQLITE_TEXT:
    case SQLITE_BLOB:
      value.type =
          sqlite3_column_type(statement, index) == SQLITE_TEXT ? CARDEA_SQL_TEXT : CARDEA_SQL_BLOB;
      value.bytes.data = static_cast<const char*>(sqlite3_column_blob(statement, index));
      value.bytes.size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
      break;
    default:
      value.type = CARDEA_SQL_NULL;
  }
  return value;
}

int bind_value(sqlite3_stmt* statement, int index, const cardea_sql_value_t& value) {
  // An empty text need not have an address, and null would bind NULL.
  const char* bytes = value.bytes.size == 0 ? "" : value.bytes.data;
  switch (value.type) {
    case CARDEA_SQL_INTEGER:
      return sqlite3_bind_int64(statement, index, value.integer);
    case CARDEA_SQL_REAL:
      return sqlite3_bind_double(statement, index, value.real);
    case CARDEA_SQL_TEXT:
      return sqlite3_bind_text64(statement, index, bytes, value.bytes.size, SQLITE_TRANSIENT,
                                 SQLITE_UTF8);
    case CARDEA_SQL_BLOB:
      return sqlite3_bind_blob64(statement, index, bytes, value.bytes.size, SQLITE_TRANSIENT);
    default:
      return sqlite3_bind_null(statement, index);
  }
}

}  // namespace

Connection::Connection(const sdk::Host& host, std::string path, std::chrono::seconds timeout)
    : host_(host), path_(std::move(path)), timeout_(timeout) {}

bool Connection::open() {
  if (database_) {
    return true;
  }
  if (open_file() && simple("PRAGMA journal_mode = WAL") == SQLITE_OK &&
      simple("PRAGMA synchronous = FULL") == SQLITE_OK &&
      simple("PRAGMA foreign_keys = ON") == SQLITE_OK) {
    return true;
  }
  host_.error("cannot open " + path_ + ": " +
              (database_ ? sqlite3_errmsg(database_.get()) : error_.c_str()));
  database_.reset();
  return false;
}

bool Connection::open_file() {
  if (path_ != kInMemory) {
    std::error_code failed;
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), failed);
    // SQLite's further files take the mode of this one, which others must not read.
    const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
      error_ = std::error_code(errno, std::generic_category()).message();
      return false;
    }
    close(file);
  }
  sqlite3* made = nullptr;
  const int code =
      sqlite3_open_v2(path_.c_str(), &made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  database_.reset(made);
  if (code != SQLITE_OK) {
    error_ = sqlite3_errstr(code);
    return false;
  }
  sqlite3_extended_result_codes(made, 1);
  sqlite3_busy_timeout(made, static_cast<int>(timeout_.count()));
  sqlite3_db_config(made, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return true;
}

cardea_sql_status_t Connection::begin() {
  if (!open()) {
    return CARDEA_SQL_UNAVAILABLE;
  }
  // IMMEDIATE takes the right to write at once: a transaction never finds out later that another
  // process was quicker.
  const int code = simple("BEGIN IMMEDIATE");
  if ((code & 0xff) == SQLITE_BUSY) {
    host_.warn("another process holds the database for too long");
    return CARDEA_SQL_UNAVAILABLE;
  }
  return code == SQLITE_OK ? CARDEA_SQL_OK : status_of(code);
}

cardea_sql_status_t Connection::commit() {
  const int code = simple("COMMIT");
  if (code == SQLITE_OK) {
    return CARDEA_SQL_OK;
  }
  const auto status = status_of(code);
  rollback();
  return status;
}

void Connection::rollback() {
  // After some errors SQLite has rolled back by itself.
  if (sqlite3_get_autocommit(database_.get()) == 0 && simple("ROLLBACK") != SQLITE_OK) {
    host_.error(std::string("roll-back: ") + sqlite3_errmsg(database_.get()));
    statements_.clear();
    database_.reset();
  }
}

void Connection::execute(const sdk::SqlStatement& statement, cardea_sql_result_t& result) {
  sqlite3_stmt* ready = prepared(sdk::to_view(statement.sql));
  if (ready == nullptr) {
    fail(sqlite3_extended_errcode(database_.get()), result);
    return;
  }
  if (!bind(ready, statement)) {
    host_.error("sql: " + error_);
    result.status = CARDEA_SQL_ERROR;
    result.error = sdk::to_str(error_);
    return;
  }
  const auto before = sqlite3_total_changes(database_.get());
  const int code = step_through(ready, statement);
  if (code != SQLITE_DONE && code != SQLITE_ROW) {
    fail(code, result);
  } else {
    result.status = CARDEA_SQL_OK;
    const bool changed = sqlite3_total_changes(database_.get()) != before;
    result.changed = changed ? sqlite3_changes(database_.get()) : 0;
  }
  sqlite3_reset(ready);
  sqlite3_clear_bindings(ready);
}

void Connection::script(cardea_str_t sql, cardea_sql_result_t& result) {
  const int code = sqlite3_exec(database_.get(), std::string(sdk::to_view(sql)).c_str(), nullptr,
                                nullptr, nullptr);
  if (code != SQLITE_OK) {
    fail(code, result);
    return;
  }
  result.status = CARDEA_SQL_OK;
}

sqlite3_stmt* Connection::prepared(std::string_view sql) {
  std::string text(sql);
  if (const auto found = statements_.find(text); found != statements_.end()) {
    return found->second.get();
  }
  if (statements_.size() >= kMaxStatements) {
    statements_.clear();
  }
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v3(database_.get(), text.c_str(), static_cast<int>(text.size() + 1),
                         SQLITE_PREPARE_PERSISTENT, &made, nullptr) != SQLITE_OK ||
      made == nullptr) {
    return nullptr;
  }
  return statements_.emplace(std::move(text), Prepared(made)).first->second.get();
}

bool Connection::bind(sqlite3_stmt* statement, const sdk::SqlStatement& values) {
  if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) != values.parameter_count) {
    error_ = "another number of parameters than of values";
    return false;
  }
  for (std::size_t i = 0; i < values.parameter_count; ++i) {
    // SQLite counts $n in the order of their appearance, Postgres by their number.
    const std::string name = "$" + std::to_string(i + 1);
    const cardea_sql_value_t& value = values.parameters[i];
    if (value.type == CARDEA_SQL_TEXT &&
        sdk::to_view(value.bytes).find('\0') != std::string_view::npos) {
      error_ = "a NUL in a text";
      return false;
    }
    if (bind_value(statement, sqlite3_bind_parameter_index(statement, name.c_str()), value) !=
        SQLITE_OK) {
      error_ = name + ": " + sqlite3_errmsg(database_.get());
      return false;
    }
  }
  return true;
}

int Connection::step_through(sqlite3_stmt* statement, const sdk::SqlStatement& sink) {
  std::vector<cardea_sql_value_t> row(static_cast<std::size_t>(sqlite3_column_count(statement)));
  int code = sqlite3_step(statement);
  bool wanted = sink.row != nullptr;
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
    for (std::size_t i = 0; wanted && i < row.size(); ++i) {
      row[i] = column(statement, static_cast<int>(i));
    }
    wanted = wanted && sink.row(sink.sink, row.data(), row.size()) == 0;
    if (!wanted && sqlite3_stmt_readonly(statement) != 0) {
      return SQLITE_ROW;
    }
  }
  return code;
}

int Connection::simple(const char* sql) {
  return sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
}

void Connection::fail(int code, cardea_sql_result_t& result) {
  error_ = sqlite3_errmsg(database_.get());
  result.status = status_of(code);
  if (result.status == CARDEA_SQL_CONSTRAINT) {
    // "UNIQUE constraint failed: users.name": what comes after the colon.
    error_.erase(0, error_.find(": ") == std::string::npos ? 0 : error_.find(": ") + 2);
  }
  result.error = sdk::to_str(error_);
}

cardea_sql_status_t Connection::status_of(int code) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return CARDEA_SQL_CONSTRAINT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return CARDEA_SQL_CONFLICT;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      host_.error(std::string("sql: ") + sqlite3_errmsg(database_.get()));
      return CARDEA_SQL_UNAVAILABLE;
    default:
      host_.error(std::string("sql: ") + sqlite3_errmsg(database_.get()));
      return CARDEA_SQL_ERROR;
  }
}

}  // namespace cardea::database_sqlite
