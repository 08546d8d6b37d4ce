// Holds a message's body against what its feature declared: which operation, and are the parameters
// of the declared types and within bounds.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <cardea/feature.h>
#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

#include "core/session/feature_port.hpp"

namespace cardea::session {

struct FoundOperation {
  /// Null when there is an error, or when the feature declares no operations.
  const cardea_operation_t* operation = nullptr;
  /// The form in which the client expects the answer, an error's too: "success" or ack and "event".
  bool synchronous = false;
  std::optional<Error> error;  ///< code out of FeatureInfo::codes
};

/// Looks the "request" of a body up, without regard to case. An operation for the handle's role
/// goes before one for any role.
FoundOperation find_operation(const FeatureInfo& feature, std::string_view role, const Json& body);

/// @returns the first fault: a missing element, a wrong type, a value out of bounds; the text names
/// the element. Members that are not declared are left to the feature.
Result<void> check_parameters(const cardea_operation_t& operation,
                              const cardea_error_codes_t& codes, const Json& body);

/// The same for a verb or an admin request, with Janus's own codes.
Result<void> check_message(std::span<const cardea_param_t> params, const Json& message);

/// {"<event_key>":"<word>","error_code":N,"error":"..."}
/// @param known the request is one of the feature's: then the word is the feature's own.
Json feature_error(const FeatureInfo& feature, bool known, const Error& error);

}  // namespace cardea::session
