// One connection to Postgres: made at its first use and again after a loss; statements are prepared
// once, and none is waited for without end.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <libpq-fe.h>

#include <cardea/sdk/database_backend.hpp>

#include "plugins/database_postgres/reach.hpp"

namespace cardea::database_postgres {

/// [work] All calls.
class Connection : public sdk::SqlConnection {
 public:
  /// @param url postgres://..., checked. @param reach of all connections.
  Connection(const sdk::Host& host, std::string url, std::chrono::seconds timeout, Reach& reach);

  cardea_sql_status_t begin() override;
  cardea_sql_status_t commit() override;
  void rollback() override;
  void execute(const sdk::SqlStatement& statement, cardea_sql_result_t& result) override;
  void script(cardea_str_t sql, cardea_sql_result_t& result) override;

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  using Answer = std::unique_ptr<PGresult, Clear>;

  bool connect();
  void lose(const std::string& why);
  /// The answer to what was sent. Null: the connection is lost.
  Answer wait(std::chrono::seconds longest);
  bool wait_for_bytes(std::chrono::steady_clock::time_point end);
  Answer simple(const char* sql, std::chrono::seconds longest);
  /// The name of the prepared statement; null after an error, which is in `result`.
  const std::string* prepared(std::string_view sql, cardea_sql_result_t& result);
  cardea_sql_status_t status_of(const PGresult* answer);
  bool failed(const Answer& answer, cardea_sql_result_t& result);

  sdk::Host host_;
  const std::string url_;
  const std::chrono::seconds timeout_;
  Reach& reach_;
  std::unique_ptr<PGconn, Finish> connection_;               ///< null: lost, or not made yet
  std::unordered_map<std::string, std::string> statements_;  ///< name by SQL
  std::uint64_t next_name_ = 1;
  bool stale_ = false;  ///< prepared statements may not fit the tables any more
  std::string error_;
};

}  // namespace cardea::database_postgres
