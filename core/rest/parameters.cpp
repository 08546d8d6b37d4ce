#include "core/rest/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

#include <cardea/sdk/parameters.hpp>

namespace cardea::rest {

namespace {

constexpr int kMissing = 1;
constexpr int kInvalid = 2;
constexpr std::size_t kMaxPairs = 100;

std::span<const cardea_param_t> params_of(const cardea_rest_operation_t& operation) {
  return {operation.params, operation.param_count};
}

const cardea_param_t* declared(const cardea_rest_operation_t& operation, std::string_view name) {
  const auto params = params_of(operation);
  const auto found = std::find_if(params.begin(), params.end(),
                                  [&](const cardea_param_t& one) { return name == one.name; });
  return found == params.end() ? nullptr : &*found;
}

// A word of the path or the query as the type that is declared; one that does not fit stays a text
// and is refused by the check.
Json typed(const cardea_param_t& param, const std::string& text) {
  if (param.type == CARDEA_PARAM_BOOL) {
    if (text == "true" || text == "1" || text == "yes") {
      return true;
    }
    if (text == "false" || text == "0" || text == "no") {
      return false;
    }
  }
  const bool number = param.type == CARDEA_PARAM_INT || param.type == CARDEA_PARAM_ID;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (number && error == std::errc() && end == text.data() + text.size()) {
    return value;
  }
  return text;
}

// What JSON can hold: UTF-8 without NUL.
bool is_text(const std::string& text) { return text.find('\0') == std::string::npos && Json(text); }

std::optional<Problem> take_pairs(const cardea_rest_operation_t& operation, std::string_view pairs,
                                  Json& out) {
  std::size_t count = 0;
  while (!pairs.empty()) {
    const std::size_t end = std::min(pairs.find('&'), pairs.size());
    const std::string_view pair = pairs.substr(0, end);
    pairs.remove_prefix(std::min(end + 1, pairs.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    std::string name;
    std::string value;
    if (!decode_form_text(pair.substr(0, equals), name) ||
        !decode_form_text(pair.substr(std::min(equals + 1, pair.size())), value) ||
        !is_text(value) || ++count > kMaxPairs) {
      return Problem{400, "invalid_parameter", "The query or form is malformed"};
    }
    if (const cardea_param_t* param = declared(operation, name)) {
      out.set(name, typed(*param, value));
    }
  }
  return std::nullopt;
}

std::optional<Problem> take_json(const cardea_rest_operation_t& operation, std::string_view body,
                                 Json& out) {
  auto parsed = Json::parse(body);
  if (!parsed) {
    return Problem{400, "invalid_json", parsed.error().message};
  }
  if (!parsed->is_object()) {
    return Problem{400, "invalid_json", "The body should be a JSON object"};
  }
  for (const cardea_param_t& param : params_of(operation)) {
    const Json value = (*parsed)[param.name];
    // A member that is null is one that is not there, for clients that write all members.
    if (value && !value.is_null()) {
      out.set(param.name, value);
    }
  }
  return std::nullopt;
}

std::optional<Problem> take_body(const cardea_rest_operation_t& operation, const Sources& sources,
                                 Json& out) {
  const std::string_view types =
      operation.body_types == nullptr ? std::string_view() : operation.body_types;
  if (sources.body.empty() && !takes_raw_body(operation)) {
    return std::nullopt;
  }
  if (takes_raw_body(operation)) {
    for (std::string_view rest = types; !rest.empty();) {
      const std::size_t end = std::min(rest.find('|'), rest.size());
      if (rest.substr(0, end) == sources.content_type) {
        return std::nullopt;
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return Problem{415, "unsupported_media_type",
                   "Content-Type should be one of " + std::string(types)};
  }
  if (types == "form" && sources.content_type == "application/x-www-form-urlencoded") {
    return take_pairs(operation, sources.body, out);
  }
  // Pages of others cannot send this type without asking first (threats.md A12).
  if (sources.content_type != "application/json") {
    return Problem{415, "unsupported_media_type", "Content-Type should be application/json"};
  }
  return take_json(operation, sources.body, out);
}

}  // namespace

bool decode_form_text(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    unsigned value = 0;
    const char* begin = text.data() + i + 1;
    if (i + 2 >= text.size() || std::from_chars(begin, begin + 2, value, 16).ptr != begin + 2) {
      return false;
    }
    out += static_cast<char>(value);
    i += 2;
  }
  return true;
}

bool takes_raw_body(const cardea_rest_operation_t& operation) {
  return operation.body_types != nullptr && operation.body_types != std::string_view("form");
}

Gathered gather(const cardea_rest_operation_t& operation, const Sources& sources) {
  Json out = Json::object();
  const std::string_view method(operation.method);
  if (method == "GET" || method == "DELETE" || takes_raw_body(operation)) {
    if (auto problem = take_pairs(operation, sources.query, out)) {
      return {{}, *std::move(problem)};
    }
  }
  if (method != "GET") {
    if (auto problem = take_body(operation, sources, out)) {
      return {{}, *std::move(problem)};
    }
  }
  for (const auto& [name, value] : sources.path) {
    const cardea_param_t* param = declared(operation, name);
    if (!is_text(value)) {
      return {{}, {404, "not_found", "No such resource"}};
    }
    out.set(name, param == nullptr ? Json(value) : typed(*param, value));
  }
  cardea_error_codes_t codes{};
  codes.missing_element = kMissing;
  codes.invalid_element = kInvalid;
  if (auto checked = sdk::check_parameters(params_of(operation), codes, out); !checked) {
    const char* code = checked.error().code == kMissing ? "missing_parameter" : "invalid_parameter";
    return {{}, {400, code, checked.error().message}};
  }
  return {std::move(out), {}};
}

}  // namespace cardea::rest
