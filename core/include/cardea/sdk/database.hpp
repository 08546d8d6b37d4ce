// The database as a module uses it: transactions with values of C++ in and out.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <iterator>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <cardea/database.h>
#include <cardea/sdk/module.hpp>

namespace cardea::sdk {

struct SqlBlob {
  std::string bytes;
};

/// One value of a row; reads of another type give the fallback.
class SqlValue {
 public:
  SqlValue() = default;
  explicit SqlValue(const cardea_sql_value_t& from) {
    switch (from.type) {
      case CARDEA_SQL_INTEGER:
        value_ = from.integer;
        break;
      case CARDEA_SQL_REAL:
        value_ = from.real;
        break;
      case CARDEA_SQL_TEXT:
        value_ = std::string(to_view(from.bytes));
        break;
      case CARDEA_SQL_BLOB:
        value_ = SqlBlob{std::string(to_view(from.bytes))};
        break;
      case CARDEA_SQL_NULL:
        break;
    }
  }

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  [[nodiscard]] std::int64_t as_int(std::int64_t fallback = 0) const {
    const auto* number = std::get_if<std::int64_t>(&value_);
    return number != nullptr ? *number : fallback;
  }
  [[nodiscard]] double as_real(double fallback = 0) const {
    if (const auto* whole = std::get_if<std::int64_t>(&value_)) {
      return static_cast<double>(*whole);
    }
    const auto* number = std::get_if<double>(&value_);
    return number != nullptr ? *number : fallback;
  }
  /// Of a text or a blob; lives as long as the value.
  [[nodiscard]] std::string_view as_text() const {
    if (const auto* blob = std::get_if<SqlBlob>(&value_)) {
      return blob->bytes;
    }
    const auto* text = std::get_if<std::string>(&value_);
    return text != nullptr ? std::string_view(*text) : std::string_view();
  }
  [[nodiscard]] cardea_sql_type_t type() const {
    return static_cast<cardea_sql_type_t>(value_.index());
  }

 private:
  // In the order of cardea_sql_type_t.
  std::variant<std::monostate, std::int64_t, double, std::string, SqlBlob> value_;
};

using SqlRow = std::vector<SqlValue>;

struct SqlResult {
  cardea_sql_status_t status = CARDEA_SQL_OK;
  std::int64_t changed = 0;
  std::string error;  ///< for the log, or the name of a constraint
  std::vector<SqlRow> rows;

  explicit operator bool() const { return status == CARDEA_SQL_OK; }
  /// The one value of a one-row answer; null when there is no row.
  [[nodiscard]] const SqlValue& value() const {
    static const SqlValue none;
    return rows.empty() || rows.front().empty() ? none : rows.front().front();
  }
};

/// One value of a statement; borrows texts for the call.
inline cardea_sql_value_t sql_parameter(std::nullptr_t /*none*/) { return {}; }
template <typename T>
requires std::is_integral_v<T> cardea_sql_value_t sql_parameter(T number) {
  return {CARDEA_SQL_INTEGER, static_cast<std::int64_t>(number), 0, {}};
}
inline cardea_sql_value_t sql_parameter(double number) { return {CARDEA_SQL_REAL, 0, number, {}}; }
inline cardea_sql_value_t sql_parameter(std::string_view text) {
  return {CARDEA_SQL_TEXT, 0, 0, to_str(text)};
}
inline cardea_sql_value_t sql_parameter(const SqlBlob& blob) {
  return {CARDEA_SQL_BLOB, 0, 0, to_str(blob.bytes)};
}

/// [work] A transaction under way.
class Transaction {
 public:
  static constexpr std::size_t kMaxRows = 10'000;  ///< of one answer; more are an error

  Transaction(const cardea_database_t& table, cardea_transaction_t* transaction)
      : table_(table), transaction_(transaction) {}

  /// One statement; its rows are in the result. @param parameters for $1, $2, ...: numbers, bool,
  /// texts, SqlBlob, nullptr.
  template <typename... Parameters>
  SqlResult execute(std::string_view sql, const Parameters&... parameters) {
    const std::array<cardea_sql_value_t, sizeof...(parameters)> values{
        sql_parameter(parameters)...};
    return execute_values(sql, values);
  }
  /// The same with parameters whose number is not known beforehand.
  SqlResult execute_values(std::string_view sql, std::span<const cardea_sql_value_t> parameters) {
    SqlResult out;
    cardea_sql_result_t result{};
    result.size = sizeof result;
    table_.execute(transaction_, to_str(sql), parameters.data(), parameters.size(), &take_row,
                   &out.rows, &result);
    out.status = result.status;
    out.changed = result.changed;
    out.error = to_view(result.error);
    if (out.rows.size() > kMaxRows) {
      out.status = CARDEA_SQL_ERROR;
      out.error = "the answer has too many rows";
    }
    return out;
  }
  SqlResult script(std::string_view sql) {
    cardea_sql_result_t result{};
    result.size = sizeof result;
    table_.script(transaction_, to_str(sql), &result);
    return {result.status, result.changed, std::string(to_view(result.error)), {}};
  }

  /// "sqlite" or "postgres".
  [[nodiscard]] std::string_view dialect() const { return table_.dialect; }
  /// For the service of another module that takes part in this transaction.
  [[nodiscard]] cardea_transaction_t* raw() const { return transaction_; }

 private:
  static int take_row(void* sink, const cardea_sql_value_t* values, std::size_t count) {
    auto& rows = *static_cast<std::vector<SqlRow>*>(sink);
    SqlRow& row = rows.emplace_back();
    for (std::size_t i = 0; i < count; ++i) {
      row.emplace_back(values[i]);
    }
    return rows.size() > kMaxRows ? 1 : 0;
  }

  const cardea_database_t& table_;
  cardea_transaction_t* transaction_;
};

/// [control] The database of the server. Lives until the module's end.
class Database {
 public:
  /// What a transaction's work says of its end.
  enum class End { Commit, RollBack };
  using Work = std::function<End(Transaction&)>;
  using Done = std::function<void(cardea_sql_status_t)>;

  /// For a module that has CARDEA_DATABASE_MODULE in its `requires`.
  explicit Database(const Host& host)
      : host_(host), table_(host.get_interface<cardea_database_t>(CARDEA_DATABASE)) {}
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// False where the server has no database.
  explicit operator bool() const { return table_ != nullptr; }
  [[nodiscard]] bool ready() const { return table_->ready(table_->instance) != 0; }

  /// See cardea_database_t.run. `work` runs on another thread, and may run more than once. An
  /// exception in it is a roll-back and an ERROR. False when too many wait.
  [[nodiscard]] bool run(Work work, Done done) {
    Job& job = jobs_.emplace_back(*this, std::move(work), std::move(done));
    job.place = std::prev(jobs_.end());
    if (table_->run(table_->instance, &perform, &finish, &job) == 0) {
      return true;
    }
    jobs_.erase(job.place);
    return false;
  }

 private:
  struct Job {
    Job(Database& the_owner, Work the_work, Done the_done)
        : owner(the_owner), work(std::move(the_work)), done(std::move(the_done)) {}
    Database& owner;
    Work work;
    Done done;
    std::list<Job>::iterator place;
  };

  static int perform(void* argument, cardea_transaction_t* transaction) {
    Job& job = *static_cast<Job*>(argument);
    return guarded(job.owner.host_, "transaction", -1, [&] {
      Transaction open(*job.owner.table_, transaction);
      return job.work(open) == End::Commit ? 0 : 1;
    });
  }
  static void finish(void* argument, cardea_sql_status_t status) {
    Job& job = *static_cast<Job*>(argument);
    const Host& host = job.owner.host_;
    const Done done = std::move(job.done);
    job.owner.jobs_.erase(job.place);
    guarded(host, "transaction's end", [&] { done(status); });
  }

  Host host_;
  const cardea_database_t* table_;
  std::list<Job> jobs_;  ///< so that none is lost at the host's end
};

}  // namespace cardea::sdk
