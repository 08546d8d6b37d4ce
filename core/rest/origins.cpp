#include "core/rest/origins.hpp"

#include <algorithm>

namespace cardea::rest {

bool Origins::allowed(std::string_view origin, std::string_view base) const {
  return !foreign(origin, base) ||
         std::any_of(listed_.begin(), listed_.end(),
                     [&](const std::string& one) { return one == origin || one == "*"; });
}

}  // namespace cardea::rest
