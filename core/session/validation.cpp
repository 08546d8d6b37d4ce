// The texts are Janus's where Janus has the case.
#include "core/session/validation.hpp"

#include <strings.h>

#include <cardea/sdk/parameters.hpp>
#include <cardea/sdk/text.hpp>

#include "core/session/errors.hpp"

namespace cardea::session {
namespace {

bool names_match(const char* declared, const std::string& asked) {
  return strcasecmp(declared, asked.c_str()) == 0;
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
  return refused(synchronous, "Unknown request '" + sdk::echoed(name) + "'", codes.invalid_request);
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
  return sdk::check_parameters({operation.params, operation.param_count}, codes, body);
}

Result<void> check_message(std::span<const cardea_param_t> params, const Json& message) {
  cardea_error_codes_t codes{};
  codes.missing_element = kErrorMissingElement;
  codes.invalid_element = kErrorInvalidElementType;
  return sdk::check_parameters(params, codes, message);
}

Json feature_error(const FeatureInfo& feature, bool known, const Error& error) {
  Json out = Json::object();
  out.set(feature.event_key, known ? feature.error_word : "event")
      .set("error_code", error.code)
      .set("error", error.message);
  return out;
}

}  // namespace cardea::session
