// The answer to `info`, which other servers switch on.
#pragma once

#include <string>

#include "core/session/context.hpp"

namespace cardea::session {

/// @param transaction absent: none is echoed.
std::string info_reply(const Context& context, const Json& transaction);

}  // namespace cardea::session
