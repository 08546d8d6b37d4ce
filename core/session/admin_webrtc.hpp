// A connection as Janus's Admin API shows it: the member "webrtc" of handle_info.
#pragma once

#include <cardea/sdk/json.hpp>

#include "core/session/handle.hpp"

namespace cardea::session {

/// What was negotiated; absent without a peer. @param engine whose transport the peer uses.
Json webrtc_json(const Handle& handle, const media::Engine& engine);

/// Adds the media worker's figures to that.
/// @param now when they were asked for.
void add_figures(const media::PeerStats& stats, Time now, Json& webrtc);

}  // namespace cardea::session
