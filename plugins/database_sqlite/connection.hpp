// The one connection to a SQLite file: opened at its first use, WAL, statements prepared once.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <sqlite3.h>

#include <cardea/sdk/database_backend.hpp>

namespace cardea::database_sqlite {

/// [work] All calls.
class Connection : public sdk::SqlConnection {
 public:
  /// @param path of the file, or ":memory:". Its folder is made when it is not there.
  Connection(const sdk::Host& host, std::string path, std::chrono::seconds timeout);

  cardea_sql_status_t begin() override;
  cardea_sql_status_t commit() override;
  void rollback() override;
  void execute(const sdk::SqlStatement& statement, cardea_sql_result_t& result) override;
  void script(cardea_str_t sql, cardea_sql_result_t& result) override;

 private:
  struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Prepared = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

  bool open();
  bool open_file();
  /// Null after an error.
  sqlite3_stmt* prepared(std::string_view sql);
  bool bind(sqlite3_stmt* statement, const sdk::SqlStatement& values);
  int step_through(sqlite3_stmt* statement, const sdk::SqlStatement& sink);
  /// A statement of ours without answer.
  int simple(const char* sql);
  void fail(int code, cardea_sql_result_t& result);
  /// Also writes what is no fault of the data to the log.
  cardea_sql_status_t status_of(int code);

  sdk::Host host_;
  const std::string path_;
  const std::chrono::milliseconds timeout_;
  std::unique_ptr<sqlite3, CloseDatabase> database_;  ///< null: not open
  std::unordered_map<std::string, Prepared> statements_;
  std::string error_;
};

}  // namespace cardea::database_sqlite
