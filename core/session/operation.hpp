// A message to a feature: validated, guarded, handed over, answered.
#pragma once

#include <string>

#include "core/session/context.hpp"
#include "core/session/replies.hpp"

namespace cardea::session {

/// The verb "message" on a handle; `message` passed its declaration. Sends exactly one answer to
/// `client`: success, ack or error.
void run_operation(Context& context, ClientId client, Handle& handle, const Echo& echo,
                   const Json& message);

/// For the Admin API: the feature's answer to an operation that is answered at once, or its error.
Json run_synchronous(Context& context, Handle& handle, const Json& body);

/// JSON that a feature made: an object, of any size. @returns the absent value when it is not.
Json feature_json(std::string_view text);

}  // namespace cardea::session
