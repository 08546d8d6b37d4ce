#include "plugins/database_postgres/values.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>

namespace cardea::database_postgres {

namespace {

// Numbers of built-in types (pg_type.dat), which never change.
enum Type : Oid {
  Bool = 16,
  Bytea = 17,
  Int8 = 20,
  Int2 = 21,
  Int4 = 23,
  Float4 = 700,
  Float8 = 701,
  Numeric = 1700,
};

int digit(char c) { return c >= 'a' ? c - 'a' + 10 : c - '0'; }

// "\x6869", as bytea comes in text form.
std::string bytes_of(std::string_view text) {
  std::string out;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    out += static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1]));
  }
  return out;
}

bool whole(std::string_view text, std::int64_t& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size();
}

/// @param bytes keeps what the value borrows.
cardea_sql_value_t value_of(Oid type, std::string_view text, std::string& bytes) {
  cardea_sql_value_t value{};
  switch (type) {
    case Bool:
      value.type = CARDEA_SQL_INTEGER;
      value.integer = text == "t" ? 1 : 0;
      break;
    case Int8:
    case Int4:
    case Int2:
    case Numeric:  // Sums of integers are NUMERIC.
      value.type = whole(text, value.integer) ? CARDEA_SQL_INTEGER : CARDEA_SQL_REAL;
      value.real = value.type == CARDEA_SQL_REAL ? std::strtod(text.data(), nullptr) : 0;
      break;
    case Float4:
    case Float8:
      value.type = CARDEA_SQL_REAL;
      value.real = std::strtod(text.data(), nullptr);
      break;
    case Bytea:
      bytes = bytes_of(text);
      value.type = CARDEA_SQL_BLOB;
      value.bytes = sdk::to_str(bytes);
      break;
    default:
      value.type = CARDEA_SQL_TEXT;
      value.bytes = sdk::to_str(text);
  }
  return value;
}

}  // namespace

Parameters::Parameters(const sdk::SqlStatement& statement) {
  const std::size_t count = statement.parameter_count;
  texts_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const cardea_sql_value_t& value = statement.parameters[i];
    std::string& text = texts_.emplace_back();
    switch (value.type) {
      case CARDEA_SQL_INTEGER:
        text = std::to_string(value.integer);
        break;
      case CARDEA_SQL_REAL: {
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value.real);
        text.assign(digits.data(), end.ptr);
        break;
      }
      case CARDEA_SQL_TEXT:
        text = sdk::to_view(value.bytes);
        good_ = good_ && text.find('\0') == std::string::npos;
        break;
      case CARDEA_SQL_BLOB:
        text = sdk::to_view(value.bytes);
        break;
      case CARDEA_SQL_NULL:
        break;
    }
    values_.push_back(value.type == CARDEA_SQL_NULL ? nullptr : text.c_str());
    lengths_.push_back(static_cast<int>(text.size()));
    formats_.push_back(value.type == CARDEA_SQL_BLOB ? 1 : 0);
  }
}

void give_rows(const PGresult& result, const sdk::SqlStatement& sink) {
  if (sink.row == nullptr) {
    return;
  }
  const int columns = PQnfields(&result);
  std::vector<cardea_sql_value_t> row(static_cast<std::size_t>(columns));
  std::vector<std::string> bytes(row.size());
  for (int y = 0; y < PQntuples(&result); ++y) {
    for (int x = 0; x < columns; ++x) {
      const auto at = static_cast<std::size_t>(x);
      row[at] = {};
      if (PQgetisnull(&result, y, x) == 0) {
        const std::string_view text(PQgetvalue(&result, y, x),
                                    static_cast<std::size_t>(PQgetlength(&result, y, x)));
        row[at] = value_of(PQftype(&result, x), text, bytes[at]);
      }
    }
    if (sink.row(sink.sink, row.data(), row.size()) != 0) {
      return;
    }
  }
}

}  // namespace cardea::database_postgres
