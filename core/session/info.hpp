// The answer to `info`, which other servers switch on.
#pragma once

#include <string>

#include <cardea/sdk/json.hpp>

#include "core/session/context.hpp"

namespace cardea::session {

/// A feature's id as clients look for it: Janus's where it has one.
std::string listed_name(const FeatureInfo& info);

/// All but the transaction.
Json info_json(const Context& context);
/// @param transaction absent: none is echoed.
std::string info_reply(const Context& context, const Json& transaction);

}  // namespace cardea::session
