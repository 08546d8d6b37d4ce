// What the server answers by itself below /api/v1: the document, and whether it is there.
#pragma once

#include <functional>
#include <string>

#include "core/rest/api.hpp"

namespace cardea::rest {

struct OwnFacts {
  std::string version;
  /// The state of the server's parts, for GET /health.
  std::function<Json()> health;
};

/// Adds the operations to `api`, which they use until its end.
Result<void> add_own_operations(Api& api, OwnFacts facts);

}  // namespace cardea::rest
