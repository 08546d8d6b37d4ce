// What sessions, handles and their connections tell the event handlers, in the form of Janus's own
// events. Nothing is made while nobody listens.
#pragma once

#include <string>
#include <string_view>

#include "core/base/address.hpp"
#include "core/session/context.hpp"

namespace cardea::session {

void tell_started(const Context& context);
void tell_client_opened(const Context& context, ClientId client, const ClientInfo& info);
void tell_client_closed(const Context& context, ClientId client, const ClientInfo& info);
void tell_session_created(const Context& context, std::uint64_t session, ClientId client);
/// @param name "destroyed" or "timeout".
void tell_session_over(const Context& context, std::uint64_t session, std::string_view name);
/// @param name "attached" or "detached".
void tell_handle(const Context& context, const Handle& handle, std::string_view name);

/// A description of the client's, or of ours.
void tell_remote_jsep(const Context& context, const Handle& handle, const Json& jsep);
void tell_local_jsep(const Context& context, const Handle& handle, const Json& jsep);
/// @param candidate the trickled object.
void tell_remote_candidate(const Context& context, const Handle& handle, const Json& candidate);

/// There are credentials of both sides: the client's checks may come.
void tell_connecting(const Context& context, const Handle& handle);
/// The first check was good; DTLS begins.
void tell_path_up(const Context& context, const Handle& handle, const Address& remote);
/// DTLS is done, and with it the connection is there.
void tell_connection_up(const Context& context, const Handle& handle);
/// @param reason of the hangup; one that names ICE says that this failed.
void tell_connection_down(const Context& context, const Handle& handle, std::string_view reason);
void tell_media_flow(const Context& context, const Handle& handle, std::uint32_t line,
                     bool receiving);
/// One event for each m-line with media.
void tell_stats(const Context& context, const Handle& handle, const media::PeerStats& stats);
void tell_slow_link(const Context& context, const Handle& handle, std::uint32_t line, bool uplink,
                    std::uint32_t lost);

}  // namespace cardea::session
