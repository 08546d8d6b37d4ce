// Gathers what a request says into one object and holds it against the declaration.
#pragma once

#include <string>
#include <string_view>

#include <cardea/sdk/json.hpp>

#include "core/rest/catalog.hpp"
#include "core/rest/problem.hpp"

namespace cardea::rest {

/// What parameters are taken from.
struct Sources {
  const PathValues& path;
  std::string_view query;  ///< raw, without the question mark
  std::string_view body;
  std::string_view content_type;  ///< without its own parameters, lower case
};

/// Percent-decoded, "+" is a space. @returns false for a malformed escape.
bool decode_form_text(std::string_view text, std::string& out);

/// Whether the body is to be handed over as it is.
bool takes_raw_body(const cardea_rest_operation_t& operation);

/// @returns the declared members only; or the problem with status 400 or 415, naming the element.
struct Gathered {
  Json params;
  Problem problem;  ///< when `params` is absent
};
Gathered gather(const cardea_rest_operation_t& operation, const Sources& sources);

}  // namespace cardea::rest
