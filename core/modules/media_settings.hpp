// The structs of <cardea/media.h> as the engine's, checked.
#pragma once

#include <cardea/media.h>
#include <cardea/sdk/result.hpp>

#include "core/media/engine.hpp"

namespace cardea::modules {

/// @param settings or null for the defaults.
media::RouteSettings route_settings(const cardea_route_settings_t* settings);
media::SourceSettings source_settings(const cardea_source_settings_t& settings);
/// The errors name what is wrong: an address, a port, a key, a codec.
Result<media::ForwardSettings> forward_settings(const cardea_forward_settings_t& settings);
Result<media::ReceiverSettings> receiver_settings(const cardea_plain_receiver_t& settings);

}  // namespace cardea::modules
