#include "plugins/database_postgres/connection.hpp"

#include <array>
#include <cstdlib>
#include <utility>

#include <poll.h>

#include "plugins/database_postgres/values.hpp"

namespace cardea::database_postgres {

namespace {

// Statements kept ready. A module has some dozens; more means that values are written into SQL.
constexpr std::size_t kMaxStatements = 256;
// Migrations may rewrite whole tables.
constexpr auto kLongestScript = std::chrono::hours(1);
// How much later than Postgres itself we give a statement up.
constexpr auto kGrace = std::chrono::seconds(2);

std::string field(const PGresult* answer, int code) {
  const char* text = PQresultErrorField(answer, code);
  return text == nullptr ? "" : text;
}

bool good(const PGresult* answer) {
  const auto status = PQresultStatus(answer);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

}  // namespace

Connection::Connection(const sdk::Host& host, std::string url, std::chrono::seconds timeout,
                       Reach& reach)
    : host_(host), url_(std::move(url)), timeout_(timeout), reach_(reach) {}

bool Connection::connect() {
  if (!reach_.may_try()) {
    return false;
  }
  statements_.clear();
  stale_ = false;
  const std::string timeout = std::to_string(timeout_.count());
  const std::string timeout_ms = std::to_string(timeout_.count() * 1000);
  // What stands in the URL, which comes last, wins.
  const std::array<const char*, 6> keys{"connect_timeout",  "application_name", "client_encoding",
                                        "tcp_user_timeout", "dbname",           nullptr};
  const std::array<const char*, 6> values{timeout.c_str(),    "cardea",     "UTF8",
                                          timeout_ms.c_str(), url_.c_str(), nullptr};
  connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
  if (PQstatus(connection_.get()) == CONNECTION_OK) {
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char*) {}, nullptr);
    const std::string settings = "SET statement_timeout = " + timeout_ms +
                                 "; SET idle_in_transaction_session_timeout = " + timeout_ms +
                                 "; SET TIME ZONE 'UTC'";
    if (good(simple(settings.c_str(), timeout_ + kGrace).get())) {
      if (reach_.succeeded()) {
        host_.info("the database can be reached again");
      }
      return true;
    }
  }
  if (reach_.failed()) {
    host_.error("the database cannot be reached: " +
                (connection_ ? PQerrorMessage(connection_.get()) : error_));
  }
  connection_.reset();
  return false;
}

void Connection::lose(const std::string& why) {
  host_.warn("a connection to the database is lost: " + why);
  connection_.reset();
}

cardea_sql_status_t Connection::begin() {
  constexpr const char* kBegin = "BEGIN ISOLATION LEVEL SERIALIZABLE";
  if (connection_ && (stale_ || statements_.size() >= kMaxStatements)) {
    simple("DEALLOCATE ALL", timeout_);
    statements_.clear();
    stale_ = false;
  }
  if (connection_) {
    if (good(simple(kBegin, timeout_ + kGrace).get())) {
      return CARDEA_SQL_OK;
    }
    // It may have been lost long ago, by a restart of Postgres: that is no failure yet.
    connection_.reset();
  }
  if (!connect()) {
    return CARDEA_SQL_UNAVAILABLE;
  }
  const Answer begun = simple(kBegin, timeout_ + kGrace);
  return begun ? status_of(begun.get()) : CARDEA_SQL_UNAVAILABLE;
}

cardea_sql_status_t Connection::commit() {
  const Answer done = simple("COMMIT", timeout_ + kGrace);
  if (!done || PQstatus(connection_.get()) != CONNECTION_OK) {
    lose(error_);
    return CARDEA_SQL_UNKNOWN;
  }
  return status_of(done.get());
}

void Connection::rollback() {
  if (connection_ && PQtransactionStatus(connection_.get()) != PQTRANS_IDLE &&
      !good(simple("ROLLBACK", timeout_ + kGrace).get())) {
    connection_.reset();
  }
}

void Connection::execute(const sdk::SqlStatement& statement, cardea_sql_result_t& result) {
  const Parameters parameters(statement);
  if (!parameters.good()) {
    host_.error("sql: a NUL in a text");
    result.status = CARDEA_SQL_ERROR;
    result.error = sdk::to_str("a NUL in a text");
    return;
  }
  const auto* name = prepared(sdk::to_view(statement.sql), result);
  if (name == nullptr) {
    return;
  }
  Answer answer;
  if (PQsendQueryPrepared(connection_.get(), name->c_str(), parameters.count(), parameters.values(),
                          parameters.lengths(), parameters.formats(), 0) == 1) {
    answer = wait(timeout_ + kGrace);
  }
  if (failed(answer, result)) {
    return;
  }
  const bool is_answer = std::string_view(PQcmdStatus(answer.get())).starts_with("SELECT");
  result.changed = is_answer ? 0 : std::atoll(PQcmdTuples(answer.get()));
  give_rows(*answer, statement);
}

void Connection::script(cardea_str_t sql, cardea_sql_result_t& result) {
  const std::string text(sdk::to_view(sql));
  stale_ = true;
  static_cast<void>(failed(connection_ ? simple(text.c_str(), kLongestScript) : Answer(), result));
}

const std::string* Connection::prepared(std::string_view sql, cardea_sql_result_t& result) {
  std::string text(sql);
  if (const auto found = statements_.find(text); found != statements_.end()) {
    return &found->second;
  }
  const std::string name = "s" + std::to_string(next_name_++);
  Answer answer;
  if (connection_ &&
      PQsendPrepare(connection_.get(), name.c_str(), text.c_str(), 0, nullptr) == 1) {
    answer = wait(timeout_ + kGrace);
  }
  if (failed(answer, result)) {
    return nullptr;
  }
  return &statements_.emplace(std::move(text), name).first->second;
}

Connection::Answer Connection::simple(const char* sql, std::chrono::seconds longest) {
  return PQsendQuery(connection_.get(), sql) == 1 ? wait(longest) : Answer();
}

Connection::Answer Connection::wait(std::chrono::seconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  Answer last;
  while (true) {
    while (PQisBusy(connection_.get()) == 1) {
      if (!wait_for_bytes(end)) {
        const std::string why = PQerrorMessage(connection_.get());
        error_ = why.empty() ? "no answer in time" : why;
        connection_.reset();
        return nullptr;
      }
    }
    Answer next(PQgetResult(connection_.get()));
    if (!next) {
      return last;
    }
    // Of several statements the first that failed, else the last.
    if (!last || good(last.get())) {
      last = std::move(next);
    }
    if (PQstatus(connection_.get()) == CONNECTION_BAD) {
      error_ = PQerrorMessage(connection_.get());
      return last;
    }
  }
}

// Also sends what the socket did not take yet. False at the end of the time or of the connection.
bool Connection::wait_for_bytes(std::chrono::steady_clock::time_point end) {
  const int unsent = PQflush(connection_.get());
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  pollfd ready{PQsocket(connection_.get()),
               static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), 0};
  return unsent >= 0 && left.count() > 0 && poll(&ready, 1, static_cast<int>(left.count())) > 0 &&
         PQconsumeInput(connection_.get()) == 1;
}

bool Connection::failed(const Answer& answer, cardea_sql_result_t& result) {
  if (!answer) {
    result.status = CARDEA_SQL_UNAVAILABLE;
    lose(connection_ ? PQerrorMessage(connection_.get()) : error_);
  } else {
    result.status = status_of(answer.get());
  }
  result.error = result.status == CARDEA_SQL_OK ? cardea_str_t{} : sdk::to_str(error_);
  return result.status != CARDEA_SQL_OK;
}

cardea_sql_status_t Connection::status_of(const PGresult* answer) {
  if (good(answer)) {
    return CARDEA_SQL_OK;
  }
  const std::string state = field(answer, PG_DIAG_SQLSTATE);
  const std::string_view kind = std::string_view(state).substr(0, 2);
  if (kind == "23") {
    error_ = field(answer, PG_DIAG_CONSTRAINT_NAME);
    return CARDEA_SQL_CONSTRAINT;
  }
  // Class 22 repeats the data.
  error_ = state + (kind == "22" ? "" : " " + field(answer, PG_DIAG_MESSAGE_PRIMARY));
  if (state == "40001" || state == "40P01") {
    return CARDEA_SQL_CONFLICT;
  }
  if (state == "0A000" || state == "26000") {
    // A prepared statement that the tables have outgrown.
    const bool again = !std::exchange(stale_, true);
    return again ? CARDEA_SQL_CONFLICT : CARDEA_SQL_ERROR;
  }
  if (PQstatus(connection_.get()) == CONNECTION_BAD) {
    lose(error_);
    return CARDEA_SQL_UNAVAILABLE;
  }
  host_.error("sql: " + error_);
  // Out of memory, disk or time, or ended by the administrator.
  return kind == "53" || kind == "57" ? CARDEA_SQL_UNAVAILABLE : CARDEA_SQL_ERROR;
}

}  // namespace cardea::database_postgres
