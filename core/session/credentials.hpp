// Who a request comes from: the API secret and the tokens, judged in one place.
#pragma once

#include <string>
#include <string_view>

#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

#include "core/session/context.hpp"

namespace cardea::session {

Credentials credentials_of(const Json& message);

/// Who the request acts for; as in Janus either the secret or a valid token will do, where one is
/// asked for. @returns error 403.
Result<Principal> authenticate(const Context& context, const Credentials& credentials);

/// Whether somebody with this token may attach to a feature. Without a token the API secret was
/// enough. @param name as the client called it, for the text. @returns error 405.
Result<void> may_attach(const Context& context, const Credentials& credentials,
                        const FeaturePort& feature, const std::string& name);

/// For features that read signed tokens themselves: see <cardea/tokens.h>.
bool token_is_valid(const Settings& settings, std::string_view token, std::string_view realm,
                    std::string_view word);

}  // namespace cardea::session
