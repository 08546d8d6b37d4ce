// What publish, configure and joinandconfigure have in common.
#pragma once

#include <cardea/sdk/plugin.hpp>

#include "plugins/videoroom/publisher.hpp"

namespace cardea::videoroom::requests {

/// Answers the offer of a request: the body is sent with the negotiated streams and our answer.
/// @returns an error when the room is full or the offer does not fit; nothing has changed then.
Result<void> answer_offer(Publisher& publisher, const sdk::Request& request, Json body);

/// Takes the settings of a request over: bitrate, display, streams, descriptions and so on.
/// @returns an error at the first m-line that is not there.
Result<void> apply_settings(Publisher& publisher, const sdk::Request& request);

}  // namespace cardea::videoroom::requests
