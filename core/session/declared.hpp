// Declarations of requests as JSON, for whoever makes something of them: documentation, types,
// fuzzers.
#pragma once

#include <span>

#include <cardea/feature.h>
#include <cardea/sdk/json.hpp>

#include "core/session/admin.hpp"
#include "core/session/feature_port.hpp"

namespace cardea::session {

/// An array of {name, type, required} with "minimum" and "maximum" (of a number, or the bytes of a
/// text, or the elements of an array), "fields" and "help" where declared.
Json parameters_json(std::span<const cardea_param_t> params);

/// {id, aliases, request_optional, operations: [{name, role?, synchronous, access, parameters}]}
Json feature_operations_json(const FeatureInfo& feature);

const char* place_name(Verb::Place place);
const char* place_name(AdminRequest::Place place);

}  // namespace cardea::session
