// Operations that are answered out of one transaction of the database.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <cardea/sdk/database.hpp>
#include <cardea/sdk/rest.hpp>

namespace cardea::sdk {

/// What a transaction's work answers. A problem rolls the transaction back.
struct RestOutcome {
  RestOutcome() = default;
  RestOutcome(Json the_body) : body(std::move(the_body)) {}
  RestOutcome(RestProblem the_problem) : problem(std::move(the_problem)) {}
  RestOutcome(int status, const char* code, const char* detail)
      : problem(RestProblem{status, code, detail, {}, {}}) {}

  Json body;  ///< with the declared status
  std::optional<RestProblem> problem;
};

/// What clients are told of a transaction that failed.
inline RestProblem database_problem(cardea_sql_status_t status) {
  switch (status) {
    case CARDEA_SQL_CONSTRAINT:
      return {409, "conflict", "This contradicts what is there already", {}, {}};
    case CARDEA_SQL_UNKNOWN:
      return {503, "outcome_unknown", "The database was lost; look whether it was done", {}, {}};
    case CARDEA_SQL_UNAVAILABLE:
    case CARDEA_SQL_CONFLICT:
      return {503,
              "database_unavailable",
              "The database cannot be reached now; nothing was changed",
              {},
              {{"Retry-After", "5"}}};
    default:
      return {};
  }
}

/// [control] Runs `work` in a transaction, which may happen more than once, and answers `call` with
/// what it says. Further arguments may still read `call`. `after` runs behind an answer that was no
/// problem; `complete` [control] adds to the answer what the database does not know.
inline void answer_from(Database& database, RestCall&& call,
                        std::function<RestOutcome(Transaction&)> work,
                        std::function<void()> after = nullptr,
                        std::function<void(Json& answer)> complete = nullptr) {
  struct Waiting {
    RestCall call;
    RestOutcome outcome;
  };
  const auto waiting = std::make_shared<Waiting>(Waiting{std::move(call), {}});
  const bool taken = database.run(
      [waiting, work = std::move(work)](Transaction& transaction) {
        waiting->outcome = work(transaction);
        return waiting->outcome.problem ? Database::End::RollBack : Database::End::Commit;
      },
      [waiting, after = std::move(after),
       complete = std::move(complete)](cardea_sql_status_t status) {
        if (status != CARDEA_SQL_OK) {
          waiting->call.fail(database_problem(status));
        } else if (waiting->outcome.problem) {
          waiting->call.fail(*waiting->outcome.problem);
        } else {
          if (complete) {
            complete(waiting->outcome.body);
          }
          waiting->call.reply(waiting->outcome.body);
          if (after) {
            after();
          }
        }
      });
  if (!taken) {
    waiting->call.fail(
        {503, "busy", "Too much waits for the database", {}, {{"Retry-After", "1"}}});
  }
}

}  // namespace cardea::sdk
