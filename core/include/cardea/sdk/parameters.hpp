// Holds the members of a JSON object against declared parameters: are they there, of their types
// and within bounds? The host does so for every message; features do it for what comes by other
// ways. The texts are Janus's where Janus has the case.
#pragma once

#include <span>
#include <string>

#include <cardea/feature.h>
#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea::sdk {

using Params = std::span<const cardea_param_t>;

/// @returns the first fault, with a code out of `codes`; the text names the element. Members that
/// are not declared are left alone.
inline Result<void> check_parameters(Params params, const cardea_error_codes_t& codes,
                                     const Json& object);

namespace detail {

inline constexpr std::int64_t kMaxId = (std::int64_t{1} << 53) - 1;

inline bool is_id(const cardea_param_t& param, const Json& value) {
  const std::int64_t least = param.max == 0 ? 1 : param.min;
  return value.is_integer() && value.as_int() >= least && value.as_int() <= kMaxId;
}

inline bool type_fits(const cardea_param_t& param, const Json& value) {
  switch (param.type) {
    case CARDEA_PARAM_ANY:
      return true;
    case CARDEA_PARAM_BOOL:
      return value.is_bool();
    case CARDEA_PARAM_INT:
      return value.is_integer() && (param.min < 0 || value.as_int() >= 0);
    case CARDEA_PARAM_STRING:
      return value.is_string();
    case CARDEA_PARAM_ID:
      return is_id(param, value);
    case CARDEA_PARAM_ID_OR_STRING:
      return is_id(param, value) || value.is_string();
    case CARDEA_PARAM_OBJECT:
      return value.is_object();
    case CARDEA_PARAM_ARRAY:
      return value.is_array();
  }
  return false;
}

inline const char* type_words(const cardea_param_t& param) {
  switch (param.type) {
    case CARDEA_PARAM_BOOL:
      return "a boolean";
    case CARDEA_PARAM_INT:
      return param.min < 0 ? "an integer" : "a positive integer";
    case CARDEA_PARAM_STRING:
      return "a string";
    case CARDEA_PARAM_ID:
      return "a positive integer";
    case CARDEA_PARAM_ID_OR_STRING:
      return "a positive integer or a string";
    case CARDEA_PARAM_OBJECT:
      return "an object";
    case CARDEA_PARAM_ARRAY:
      return "an array";
    case CARDEA_PARAM_ANY:
      break;
  }
  return "a value";
}

inline Error out_of_bounds(const cardea_param_t& param, const std::string& rule,
                           const cardea_error_codes_t& codes) {
  return {"Invalid element (" + std::string(param.name) + " " + rule + ")", codes.invalid_element};
}

inline Result<void> check_bounds(const cardea_param_t& param, const cardea_error_codes_t& codes,
                                 const Json& value) {
  const bool has_range = param.min != 0 || param.max != 0;
  if (param.type == CARDEA_PARAM_INT && has_range &&
      (value.as_int() < param.min || value.as_int() > param.max)) {
    return out_of_bounds(
        param,
        "should be between " + std::to_string(param.min) + " and " + std::to_string(param.max),
        codes);
  }
  const auto max = static_cast<std::size_t>(param.max);
  const bool text = param.type == CARDEA_PARAM_STRING || param.type == CARDEA_PARAM_ID_OR_STRING;
  if (text && param.max > 0 && value.as_text().size() > max) {
    return out_of_bounds(param, "should have at most " + std::to_string(max) + " bytes", codes);
  }
  if (param.type == CARDEA_PARAM_ARRAY && param.max > 0 && value.size() > max) {
    return out_of_bounds(param, "should have at most " + std::to_string(max) + " elements", codes);
  }
  return {};
}

inline Result<void> check_value(const cardea_param_t& param, const cardea_error_codes_t& codes,
                                const Json& value);

inline cardea_param_t named(cardea_param_t param, const char* name) {
  param.name = name;
  return param;
}

inline Result<void> check_fields(const cardea_param_t& param, const cardea_error_codes_t& codes,
                                 const Json& value) {
  const Params fields(param.fields, param.field_count);
  if (param.type == CARDEA_PARAM_OBJECT) {
    return check_parameters(fields, codes, value);
  }
  const bool elements = fields.size() == 1 && fields.front().name[0] == '\0';
  for (std::size_t i = 0; param.type == CARDEA_PARAM_ARRAY && i < value.size(); ++i) {
    const Json element = value.at(i);
    if (elements) {
      if (auto checked = check_value(named(fields.front(), param.name), codes, element); !checked) {
        return checked;
      }
      continue;
    }
    if (!element.is_object()) {
      return Error{
          "Invalid element type (" + std::string(param.name) + " should be an array of objects)",
          codes.invalid_element};
    }
    if (auto checked = check_parameters(fields, codes, element); !checked) {
      return checked;
    }
  }
  return {};
}

inline Result<void> check_value(const cardea_param_t& param, const cardea_error_codes_t& codes,
                                const Json& value) {
  if (!type_fits(param, value)) {
    return Error{"Invalid element type (" + std::string(param.name) + " should be " +
                     type_words(param) + ")",
                 codes.invalid_element};
  }
  if (auto checked = check_bounds(param, codes, value); !checked) {
    return checked;
  }
  return param.fields == nullptr ? Result<void>() : check_fields(param, codes, value);
}

}  // namespace detail

inline Result<void> check_parameters(Params params, const cardea_error_codes_t& codes,
                                     const Json& object) {
  for (const cardea_param_t& param : params) {
    const Json value = object[param.name];
    if (!value) {
      if (param.required != 0) {
        return Error{"Missing mandatory element (" + std::string(param.name) + ")",
                     codes.missing_element};
      }
      continue;
    }
    if (auto checked = detail::check_value(param, codes, value); !checked) {
      return checked;
    }
  }
  return {};
}

}  // namespace cardea::sdk
