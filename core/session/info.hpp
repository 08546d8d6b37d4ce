// The answer to `info`, which other servers switch on.
#pragma once

#include <string>

#include <cardea/sdk/json.hpp>

#include "core/session/context.hpp"

namespace cardea::session {

/// All but the transaction.
Json info_json(const Context& context);
std::string info_reply(const Context& context, const Json& transaction);

}  // namespace cardea::session
