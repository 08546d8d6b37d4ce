// The WebSocket sink's settings: declared once, read once.
#pragma once

#include <array>
#include <string>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/json.hpp>

namespace cardea::events_websocket {

struct Settings {
  bool enabled = false;
  bool tls = false;
  std::string host;
  int port = 0;
  std::string path;  ///< begins with a slash
  std::string subprotocol;
  std::size_t batch_events = 0;
  std::size_t queue_bytes = 0;
};

/// Throws when it is enabled without an address.
Settings read_settings(const Json& config);

inline constexpr std::array kConfigKeys = {
    sdk::config::boolean("events_websocket", "enabled", "no",
                         "Whether events are sent to the address below."),
    sdk::config::list("events_websocket", "events", "all",
                      "Kinds of events: all, none, or sessions, handles, external, jsep, webrtc, "
                      "media, plugins, transports, core."),
    sdk::config::boolean("events_websocket", "grouping", "yes",
                         "Several events in one message as a JSON array; no: one object each."),
    sdk::config::text("events_websocket", "backend", "", 2048,
                      "WebSocket server that gets the events: ws:// or wss://."),
    sdk::config::text("events_websocket", "subprotocol", "janus-events", 128,
                      "Subprotocol asked for; empty: none."),
    sdk::config::integer("events_websocket", "batch_events", "100", 1, 10'000,
                         "Events of one message at most."),
    sdk::config::integer("events_websocket", "queue_bytes", "16777216", 65'536, 1'073'741'824,
                         "Bytes of events that may wait; newer ones are dropped and counted."),
};

}  // namespace cardea::events_websocket
