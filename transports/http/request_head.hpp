// The first bytes of a connection: does a WebSocket upgrade come, or plain HTTP? Tested alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "transports/http/exchange.hpp"

namespace cardea::http {

/// Upgrade: for the Janus API. OtherUpgrade: for another path, perhaps of a module.
enum class Beginning : std::uint8_t { Incomplete, Http, Upgrade, OtherUpgrade };

/// A longer head is none of a WebSocket client; libmicrohttpd refuses it.
inline constexpr std::size_t kMostPeeked = 16384;

/// Decides as early as the bytes allow. Only the way is chosen here: whoever gets the connection
/// reads and judges the request himself.
/// @param base_path of the Janus API: upgrades go there or to "/".
Beginning look_at(std::string_view bytes, std::string_view base_path);

/// A request without a body, as far as we have to know it before somebody reads it.
struct RequestHead {
  std::string target;
  std::vector<Header> headers;  ///< names in lower case

  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// @param bytes with a whole head.
RequestHead read_head(std::string_view bytes);

/// Name and port of a Host header; nothing for what no browser sends.
std::string_view host_name(std::string_view header_value);

}  // namespace cardea::http
