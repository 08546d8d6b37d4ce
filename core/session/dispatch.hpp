// From a client's text to the verb that answers it.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/session/context.hpp"

namespace cardea::session {

/// Ids out of a transport's path; 0 none.
struct PathIds {
  std::uint64_t session = 0;
  std::uint64_t handle = 0;
};

/// Answers each JSON text of a message; of a client that does not push, the one text.
void dispatch(Context& context, ClientId client, const PathIds& path, std::string_view text);

/// The session if this client may address it: its own over a pushing connection, a polled one else.
/// Null when there is none or it is somebody else's: a client cannot tell which (threat S9).
Session* usable_session(Context& context, ClientId client, std::uint64_t id);

}  // namespace cardea::session
