// Values between libpq's texts and ours.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

#include <cardea/sdk/database_backend.hpp>

namespace cardea::database_postgres {

/// The parameters of one statement as libpq wants them; borrows the statement's texts.
class Parameters {
 public:
  explicit Parameters(const sdk::SqlStatement& statement);

  /// False when a text holds a NUL, which Postgres cannot store.
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] int count() const { return static_cast<int>(values_.size()); }
  [[nodiscard]] const char* const* values() const { return values_.data(); }
  [[nodiscard]] const int* lengths() const { return lengths_.data(); }
  [[nodiscard]] const int* formats() const { return formats_.data(); }

 private:
  std::vector<std::string> texts_;  ///< terminated, as values_ of texts must be
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  bool good_ = true;
};

/// The rows of an answer go to the statement's sink.
void give_rows(const PGresult& result, const sdk::SqlStatement& sink);

}  // namespace cardea::database_postgres
