// Admin API: handle_info, all that is known of one handle and its connection.
#pragma once

#include "core/session/verbs.hpp"

namespace cardea::session {

/// Answers at once, or when the media worker has told its figures.
void handle_info(VerbCall& call);

}  // namespace cardea::session
