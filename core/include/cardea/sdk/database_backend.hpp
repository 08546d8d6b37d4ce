// Writing a database module: a backend brings connections, this brings the queue before them, the
// repetition after conflicts, and the table for other modules.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <cardea/database.h>
#include <cardea/executor.h>
#include <cardea/sdk/module.hpp>
#include <cardea/sdk/server.hpp>

namespace cardea::sdk {

/// One statement and what becomes of it.
struct SqlStatement {
  cardea_str_t sql{};
  const cardea_sql_value_t* parameters = nullptr;
  std::size_t parameter_count = 0;
  cardea_sql_row_t row = nullptr;
  void* sink = nullptr;
};

/// One connection. [work], one thread at a time. Opens itself at the first begin() and again after
/// a loss.
class SqlConnection {
 public:
  SqlConnection() = default;
  virtual ~SqlConnection() = default;
  SqlConnection(const SqlConnection&) = delete;
  SqlConnection& operator=(const SqlConnection&) = delete;

  virtual cardea_sql_status_t begin() = 0;
  /// Leaves no transaction open, whatever it answers.
  virtual cardea_sql_status_t commit() = 0;
  virtual void rollback() = 0;
  virtual void execute(const SqlStatement& statement, cardea_sql_result_t& result) = 0;
  virtual void script(cardea_str_t sql, cardea_sql_result_t& result) = 0;
};

}  // namespace cardea::sdk

/// What `work` gets.
struct cardea_transaction {
  cardea::sdk::SqlConnection& connection;
  cardea_sql_status_t failed = CARDEA_SQL_OK;  ///< of the first statement that failed
};

namespace cardea::sdk {

/// [control] Gives connections to transactions in the order of their coming.
class TransactionQueue {
 public:
  static constexpr int kAttempts = 10;

  /// @param max_waiting transactions without a connection.
  TransactionQueue(const Host& host, const char* dialect,
                   std::vector<std::unique_ptr<SqlConnection>> connections, std::size_t max_waiting)
      : host_(host),
        server_(host),
        executor_(host.get_interface<cardea_executor_t>(CARDEA_EXECUTOR)),
        connections_(std::move(connections)),
        max_waiting_(max_waiting),
        table_{sizeof table_, this, dialect, &run_entry, &execute, &script, &ready} {
    for (const auto& connection : connections_) {
      free_.push_back(connection.get());
    }
  }
  TransactionQueue(const TransactionQueue&) = delete;
  TransactionQueue& operator=(const TransactionQueue&) = delete;

  [[nodiscard]] const cardea_database_t& table() const { return table_; }

 private:
  struct Job {
    TransactionQueue& queue;
    int (*work)(void* argument, cardea_transaction_t* transaction);
    void (*done)(void* argument, cardea_sql_status_t status);
    void* argument;
    SqlConnection* connection = nullptr;
    cardea_sql_status_t status = CARDEA_SQL_UNAVAILABLE;
    std::list<Job>::iterator place{};
  };

  bool run(Job job) {
    if (free_.empty() ? waiting_.size() >= max_waiting_ : !start(job)) {
      server_.limit_hit("queue");
      return false;
    }
    if (job.connection == nullptr) {
      waiting_.push_back(job);
    }
    return true;
  }

  // False when the executor takes no more. Marks the job as begun.
  bool start(Job& job) {
    Job& begun = running_.emplace_back(job);
    begun.place = std::prev(running_.end());
    begun.connection = free_.back();
    if (executor_->run(host_.context(), &perform, &finish, &begun) != 0) {
      running_.pop_back();
      return false;
    }
    job.connection = begun.connection;
    free_.pop_back();
    return true;
  }

  void end(Job& job) {
    // The last one used is the next to be used: it is the one that surely lives.
    free_.push_back(job.connection);
    ready_ = job.status != CARDEA_SQL_UNAVAILABLE && job.status != CARDEA_SQL_UNKNOWN;
    const Job ended = job;
    running_.erase(job.place);
    ended.done(ended.argument, ended.status);
    while (!free_.empty() && !waiting_.empty()) {
      Job next = waiting_.front();
      waiting_.pop_front();
      if (!start(next)) {
        server_.limit_hit("queue");
        next.done(next.argument, CARDEA_SQL_UNAVAILABLE);
      }
    }
  }

  // [work]
  static void perform(void* argument) {
    Job& job = *static_cast<Job*>(argument);
    std::minstd_rand random(
        static_cast<unsigned>(std::chrono::steady_clock::now().time_since_epoch().count()));
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
      job.status = attempt_once(job);
      if (job.status != CARDEA_SQL_CONFLICT) {
        return;
      }
      const int longest = 2 << std::min(attempt, 6);
      std::this_thread::sleep_for(
          std::chrono::milliseconds(std::uniform_int_distribution(1, longest)(random)));
    }
  }

  static cardea_sql_status_t attempt_once(Job& job) {
    if (const auto begun = job.connection->begin(); begun != CARDEA_SQL_OK) {
      return begun;
    }
    cardea_transaction transaction{*job.connection};
    const int answer = job.work(job.argument, &transaction);
    if (transaction.failed == CARDEA_SQL_OK && answer == 0) {
      return job.connection->commit();
    }
    job.connection->rollback();
    if (transaction.failed != CARDEA_SQL_OK) {
      return transaction.failed;
    }
    return answer < 0 ? CARDEA_SQL_ERROR : CARDEA_SQL_OK;
  }

  static void finish(void* argument) {
    Job& job = *static_cast<Job*>(argument);
    job.queue.end(job);
  }

  static int run_entry(void* instance, int (*work)(void*, cardea_transaction_t*),
                       void (*done)(void*, cardea_sql_status_t), void* argument) {
    auto& self = *static_cast<TransactionQueue*>(instance);
    return guarded(self.host_, "run", -1, [&] {
      return self.run({self, work, done, argument}) ? 0 : -1;
    });
  }
  static void execute(cardea_transaction_t* transaction, cardea_str_t sql,
                      const cardea_sql_value_t* parameters, std::size_t parameter_count,
                      cardea_sql_row_t row, void* sink, cardea_sql_result_t* result) {
    perform_statement(*transaction, *result, [&] {
      transaction->connection.execute({sql, parameters, parameter_count, row, sink}, *result);
    });
  }
  static void script(cardea_transaction_t* transaction, cardea_str_t sql,
                     cardea_sql_result_t* result) {
    perform_statement(*transaction, *result, [&] { transaction->connection.script(sql, *result); });
  }
  template <typename Call>
  static void perform_statement(cardea_transaction_t& transaction, cardea_sql_result_t& result,
                                Call call) noexcept {
    result.status = transaction.failed;
    result.changed = 0;
    result.error = to_str("a statement before failed");
    if (transaction.failed != CARDEA_SQL_OK) {
      return;
    }
    result.error = {};
    try {
      call();
    } catch (const std::exception&) {
      // No memory: the transaction cannot go on.
      result.status = CARDEA_SQL_ERROR;
      result.error = to_str("out of memory");
    }
    transaction.failed = result.status;
  }
  static int ready(void* instance) {
    return static_cast<TransactionQueue*>(instance)->ready_ ? 1 : 0;
  }

  Host host_;
  Server server_;
  const cardea_executor_t* executor_;
  std::vector<std::unique_ptr<SqlConnection>> connections_;
  std::vector<SqlConnection*> free_;
  std::deque<Job> waiting_;
  std::list<Job> running_;
  std::size_t max_waiting_;
  std::atomic<bool> ready_ = true;
  cardea_database_t table_;
};

}  // namespace cardea::sdk
