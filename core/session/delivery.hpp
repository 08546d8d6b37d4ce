// Brings texts to a session's client: pushed, as the answer of a long poll, or kept for later.
#pragma once

#include <string>

#include "core/session/context.hpp"
#include "core/session/session.hpp"

namespace cardea::session {

/// Tells the features of handles whose peers were hung up. Not while a feature is being called.
void run_downs(Context& context);

/// Sends to the owner now, else keeps it in the session's queue.
void deliver(Context& context, Session& session, std::string text);
/// Answers the parked poll when events wait.
void serve_poll(Context& context, Session& session);
/// Answers the parked poll with what waits, else with a keepalive.
void end_poll(Context& context, Session& session);

}  // namespace cardea::session
