// A JSON value: a counted reference to a jansson tree, with bounds at parsing. Not for sharing
// between threads.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <jansson.h>

#include <cardea/sdk/json_limits.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea {

class Json {
 public:
  /// The absent value: what a missing member reads as. Not the same as JSON null.
  Json() = default;
  Json(bool value) : value_(json_boolean(value)) {}
  Json(std::string_view text)
      : value_(json_stringn(text.data() == nullptr ? "" : text.data(), text.size())) {}
  Json(const std::string& text) : Json(std::string_view(text)) {}
  Json(const char* text) : Json(std::string_view(text)) {}
  Json(int value) : value_(json_integer(value)) {}
  Json(unsigned value) : value_(json_integer(static_cast<json_int_t>(value))) {}
  Json(long value) : value_(json_integer(value)) {}
  Json(unsigned long value) : value_(json_integer(static_cast<json_int_t>(value))) {}
  Json(double value) : value_(json_real(value)) {}

  Json(const Json& other) : value_(json_incref(other.value_)) {}
  Json(Json&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
  Json& operator=(Json other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Json() { json_decref(value_); }

  static Json object() { return adopt(json_object()); }
  static Json object(std::initializer_list<std::pair<const char*, Json>> members) {
    Json out = object();
    for (const auto& [key, value] : members) {
      out.set(key, value);
    }
    return out;
  }
  static Json array() { return adopt(json_array()); }
  /// Takes over a reference that the caller owns.
  static Json adopt(json_t* owned) {
    Json out;
    out.value_ = owned;
    return out;
  }
  /// Adds a reference to a borrowed tree.
  static Json share(json_t* borrowed) { return adopt(json_incref(borrowed)); }

  /// Reads one value that fills the whole text. Duplicate keys, NUL, bad UTF-8, numbers out of
  /// range and anything beyond the limits are errors that say where.
  static Result<Json> parse(std::string_view text, const JsonLimits& limits = {}) {
    std::size_t used = 0;
    auto value = parse_first(text, used, limits);
    if (value.ok() && text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
      return Error{"text after the JSON value at byte " + std::to_string(used)};
    }
    return value;
  }

  /// Reads the first value of a text that may hold several; `used` becomes the number of bytes
  /// read.
  static Result<Json> parse_first(std::string_view text, std::size_t& used,
                                  const JsonLimits& limits = {}) {
    if (auto bounded = JsonScan(limits).run(text); !bounded) {
      return bounded.error();
    }
    json_error_t error{};
    json_t* root = json_loadb(text.data(), text.size(),
                              JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);
    if (root == nullptr) {
      return Error{"JSON error at byte " + std::to_string(error.position) + ": " + error.text};
    }
    used = static_cast<std::size_t>(error.position);
    return adopt(root);
  }

  [[nodiscard]] std::string dump() const {
    char* text = json_dumps(value_, JSON_COMPACT | JSON_ENCODE_ANY);
    std::string out = text == nullptr ? "null" : text;
    free(text);  // NOLINT(cppcoreguidelines-no-malloc): jansson's way of handing text over.
    return out;
  }

  /// False for the absent value only.
  explicit operator bool() const { return value_ != nullptr; }
  [[nodiscard]] bool is_object() const { return json_is_object(value_); }
  [[nodiscard]] bool is_array() const { return json_is_array(value_); }
  [[nodiscard]] bool is_string() const { return json_is_string(value_); }
  [[nodiscard]] bool is_integer() const { return json_is_integer(value_); }
  [[nodiscard]] bool is_number() const { return json_is_number(value_); }
  [[nodiscard]] bool is_bool() const { return json_is_boolean(value_); }
  [[nodiscard]] bool is_null() const { return json_is_null(value_); }

  /// The member's value, absent when this is no object or has none of that name.
  Json operator[](const char* key) const { return share(json_object_get(value_, key)); }
  Json operator[](const std::string& key) const { return (*this)[key.c_str()]; }
  /// The element, absent beyond the end.
  [[nodiscard]] Json at(std::size_t index) const { return share(json_array_get(value_, index)); }
  /// Members of an object, elements of an array, else 0.
  [[nodiscard]] std::size_t size() const {
    return is_object() ? json_object_size(value_) : json_array_size(value_);
  }
  [[nodiscard]] bool has(const char* key) const { return json_object_get(value_, key) != nullptr; }

  [[nodiscard]] std::int64_t as_int(std::int64_t fallback = 0) const {
    return is_integer() ? json_integer_value(value_) : fallback;
  }
  [[nodiscard]] std::uint64_t as_uint(std::uint64_t fallback = 0) const {
    return is_integer() && json_integer_value(value_) >= 0
               ? static_cast<std::uint64_t>(json_integer_value(value_))
               : fallback;
  }
  [[nodiscard]] bool as_bool(bool fallback = false) const {
    return is_bool() ? json_is_true(value_) : fallback;
  }
  /// Valid while the value lives; empty when this is no string.
  [[nodiscard]] std::string_view as_text() const {
    return is_string() ? std::string_view(json_string_value(value_), json_string_length(value_))
                       : std::string_view();
  }
  [[nodiscard]] std::string text_or(std::string_view fallback = {}) const {
    return std::string(is_string() ? as_text() : fallback);
  }

  /// Absent values are left out.
  Json& set(const char* key, Json value) {
    if (value) {
      json_object_set_new(value_, key, std::exchange(value.value_, nullptr));
    }
    return *this;
  }
  Json& set(const std::string& key, Json value) { return set(key.c_str(), std::move(value)); }
  void remove(const char* key) { json_object_del(value_, key); }
  Json& push(Json value) {
    json_array_append_new(value_, std::exchange(value.value_, nullptr));
    return *this;
  }
  /// Calls `visit(std::string_view key, Json value)` for each member of an object.
  template <typename Visit>
  void for_each_member(Visit visit) const {
    const char* key = nullptr;
    json_t* value = nullptr;
    json_object_foreach(value_, key, value) { visit(std::string_view(key), share(value)); }
  }

  /// Borrowed; null when absent.
  [[nodiscard]] json_t* raw() const { return value_; }

 private:
  json_t* value_ = nullptr;
};

}  // namespace cardea
