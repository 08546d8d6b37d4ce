// The OpenAPI 3.1 document, told from the declarations that requests are checked by.
#pragma once

#include <string_view>

#include <cardea/sdk/json.hpp>

#include "core/rest/catalog.hpp"

namespace cardea::rest {

/// @param version of the server. @param base_url where the client reached it.
Json openapi(const Catalog& catalog, std::string_view version, std::string_view base_url);

}  // namespace cardea::rest
