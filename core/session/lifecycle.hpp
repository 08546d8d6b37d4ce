// How sessions and handles begin, change hands and end.
#pragma once

#include <string_view>

#include <cardea/sdk/result.hpp>

#include "core/session/context.hpp"

namespace cardea::session {

/// @param wanted the client's own choice, 0 for a random one. @returns errors 468, 472 and 490.
Result<Session*> create_session(Context& context, ClientId client, std::uint64_t wanted);
/// Gives a session to another client; the old one gets nothing more. @returns errors 458, 490.
Result<void> claim_session(Context& context, Session& session, ClientId client);
/// Ends all its handles. Sends nothing. @param event what event handlers are told of it.
void end_session(Context& context, std::uint64_t session, std::string_view event = "destroyed");
/// With the event that tells the client so.
void time_out_session(Context& context, std::uint64_t session);
/// Its connection is gone: the session ends, or waits to be claimed.
void orphan_session(Context& context, std::uint64_t session);

/// Who attaches, and under which names.
struct Attachment {
  std::string plugin;  ///< id or alias of the feature
  std::string opaque_id;
  Principal principal;
};
/// @returns errors 461 and 490.
Result<Handle*> attach_handle(Context& context, Session& session, FeaturePort& feature,
                              const Attachment& attachment);
void end_handle(Context& context, Session& session, HandleId handle);

/// Closes a handle's peer; announce_down() follows at the end of the turn.
void hang_up(Context& context, Handle& handle, std::string_view reason);
/// Tells client and feature that the peer is gone.
void announce_down(Context& context, HandleId handle, const std::string& reason);

}  // namespace cardea::session
