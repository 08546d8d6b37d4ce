// The first bytes of a connection: does a WebSocket upgrade come, or plain HTTP? Tested alone.
#pragma once

#include <cstdint>
#include <string_view>

namespace cardea::http {

enum class Beginning : std::uint8_t { Incomplete, Http, Upgrade };

/// A longer head is none of a WebSocket client; libmicrohttpd refuses it.
inline constexpr std::size_t kMostPeeked = 16384;

/// Decides as early as the bytes allow. Only the way is chosen here: whoever gets the connection
/// reads and judges the request himself.
/// @param base_path of the Janus API: upgrades go there or to "/".
Beginning look_at(std::string_view bytes, std::string_view base_path);

}  // namespace cardea::http
