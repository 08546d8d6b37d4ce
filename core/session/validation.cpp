// The texts are Janus's where Janus has the case.
#include "core/session/validation.hpp"

#include <span>

#include <strings.h>

namespace cardea::session {
namespace {

constexpr std::int64_t kMaxId = (std::int64_t{1} << 53) - 1;

using Params = std::span<const cardea_param_t>;

Result<void> check_all(Params params, const cardea_error_codes_t& codes, const Json& object);

bool names_match(const char* declared, const std::string& asked) {
  return strcasecmp(declared, asked.c_str()) == 0;
}

bool is_id(const cardea_param_t& param, const Json& value) {
  const std::int64_t least = param.max == 0 ? 1 : param.min;
  return value.is_integer() && value.as_int() >= least && value.as_int() <= kMaxId;
}

bool type_fits(const cardea_param_t& param, const Json& value) {
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

const char* type_words(const cardea_param_t& param) {
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

Error out_of_bounds(const cardea_param_t& param, const std::string& rule,
                    const cardea_error_codes_t& codes) {
  return {"Invalid element (" + std::string(param.name) + " " + rule + ")", codes.invalid_element};
}

Result<void> check_bounds(const cardea_param_t& param, const cardea_error_codes_t& codes,
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

Result<void> check_fields(const cardea_param_t& param, const cardea_error_codes_t& codes,
                          const Json& value) {
  const Params fields(param.fields, param.field_count);
  if (param.type == CARDEA_PARAM_OBJECT) {
    return check_all(fields, codes, value);
  }
  for (std::size_t i = 0; param.type == CARDEA_PARAM_ARRAY && i < value.size(); ++i) {
    const Json element = value.at(i);
    if (!element.is_object()) {
      return Error{
          "Invalid element type (" + std::string(param.name) + " should be an array of objects)",
          codes.invalid_element};
    }
    if (auto checked = check_all(fields, codes, element); !checked) {
      return checked;
    }
  }
  return {};
}

Result<void> check_all(Params params, const cardea_error_codes_t& codes, const Json& object) {
  for (const cardea_param_t& param : params) {
    const Json value = object[param.name];
    if (!value) {
      if (param.required != 0) {
        return Error{"Missing mandatory element (" + std::string(param.name) + ")",
                     codes.missing_element};
      }
      continue;
    }
    if (!type_fits(param, value)) {
      return Error{"Invalid element type (" + std::string(param.name) + " should be " +
                       type_words(param) + ")",
                   codes.invalid_element};
    }
    if (auto checked = check_bounds(param, codes, value); !checked) {
      return checked;
    }
    if (param.fields != nullptr) {
      if (auto checked = check_fields(param, codes, value); !checked) {
        return checked;
      }
    }
  }
  return {};
}

FoundOperation found(const cardea_operation_t& operation) {
  return {&operation, operation.synchronous != 0, std::nullopt};
}

FoundOperation refused(bool synchronous, std::string text, int code) {
  return {nullptr, synchronous, Error{std::move(text), code}};
}

FoundOperation find_by_name(const FeatureInfo& feature, std::string_view role,
                            const std::string& name) {
  const cardea_operation_t* for_any = nullptr;
  const cardea_operation_t* for_other_role = nullptr;
  for (const cardea_operation_t& operation : feature.operations) {
    if (!names_match(operation.name, name)) {
      continue;
    }
    if (operation.role == nullptr) {
      for_any = &operation;
    } else if (role == operation.role) {
      return found(operation);
    } else {
      for_other_role = &operation;
    }
  }
  if (for_any != nullptr) {
    return found(*for_any);
  }
  const cardea_error_codes_t& codes = feature.codes;
  if (for_other_role != nullptr && role.empty() && codes.wrong_role != 0) {
    return refused(for_other_role->synchronous != 0, "Invalid request on unconfigured participant",
                   codes.wrong_role);
  }
  // Janus answers a request that it has never heard of at once, others in their usual form.
  const bool synchronous = for_other_role == nullptr || for_other_role->synchronous != 0;
  return refused(synchronous, "Unknown request '" + name + "'", codes.invalid_request);
}

}  // namespace

FoundOperation find_operation(const FeatureInfo& feature, std::string_view role, const Json& body) {
  if (feature.operations.empty()) {
    return {};
  }
  const Json request = body["request"];
  FoundOperation out;
  if (!request) {
    out = refused(true, "Missing mandatory element (request)", feature.codes.missing_element);
  } else if (!request.is_string()) {
    out = refused(true, "Invalid element type (request should be a string)",
                  feature.codes.invalid_element);
  } else {
    out = find_by_name(feature, role, request.text_or());
  }
  if (out.error && feature.request_optional) {
    return found(feature.operations.front());
  }
  return out;
}

Result<void> check_parameters(const cardea_operation_t& operation,
                              const cardea_error_codes_t& codes, const Json& body) {
  return check_all({operation.params, operation.param_count}, codes, body);
}

Json feature_error(const FeatureInfo& feature, const Error& error) {
  Json out = Json::object();
  out.set(feature.event_key, "event").set("error_code", error.code).set("error", error.message);
  return out;
}

}  // namespace cardea::session
