// The webhook's settings: declared once, read once.
#pragma once

#include <array>
#include <chrono>
#include <string>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/json.hpp>

namespace cardea::events_webhook {

struct Settings {
  bool enabled = false;
  std::string backend;
  std::string user;
  std::string password;
  int retries = 0;
  std::chrono::milliseconds backoff{};
  std::chrono::seconds timeout{};
  std::size_t batch_events = 0;
  std::size_t queue_bytes = 0;
};

/// Throws when it is enabled without an address.
Settings read_settings(const Json& config);

inline constexpr std::array kConfigKeys = {
    sdk::config::boolean("events_webhook", "enabled", "no",
                         "Whether events are sent to the address below."),
    sdk::config::list("events_webhook", "events", "all",
                      "Kinds of events: all, none, or sessions, handles, external, jsep, webrtc, "
                      "media, plugins, transports, core."),
    sdk::config::boolean("events_webhook", "grouping", "yes",
                         "Several events in one request as a JSON array; no: one object each."),
    sdk::config::text("events_webhook", "backend", "", 2048,
                      "Address that gets the events by POST: http:// or https://."),
    sdk::config::text("events_webhook", "backend_user", "", 256,
                      "User name for basic authentication; empty: none."),
    sdk::config::secret("events_webhook", "backend_password", 1024,
                        "Password for basic authentication."),
    sdk::config::integer("events_webhook", "max_retransmissions", "5", 0, 100,
                         "Attempts after a failed one; then the events of that request are lost."),
    sdk::config::integer("events_webhook", "retransmissions_backoff", "100", 1, 60'000,
                         "Milliseconds before the first retry; each further one waits twice as "
                         "long, at most 30 s."),
    sdk::config::integer("events_webhook", "timeout", "10", 1, 600,
                         "Seconds that one request may take."),
    sdk::config::integer("events_webhook", "batch_events", "100", 1, 10'000,
                         "Events of one request at most."),
    sdk::config::integer("events_webhook", "queue_bytes", "16777216", 65'536, 1'073'741'824,
                         "Bytes of events that may wait; newer ones are dropped and counted."),
};

}  // namespace cardea::events_webhook
