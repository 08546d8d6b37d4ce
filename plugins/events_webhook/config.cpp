#include "plugins/events_webhook/config.hpp"

#include <stdexcept>

namespace cardea::events_webhook {

Settings read_settings(const Json& config) {
  const Json section = config["events_webhook"];
  Settings out;
  out.enabled = section["enabled"].as_bool();
  out.backend = section["backend"].text_or();
  out.user = section["backend_user"].text_or();
  out.password = section["backend_password"].text_or();
  out.retries = static_cast<int>(section["max_retransmissions"].as_int());
  out.backoff = std::chrono::milliseconds(section["retransmissions_backoff"].as_int());
  out.timeout = std::chrono::seconds(section["timeout"].as_int());
  out.batch_events = section["batch_events"].as_uint();
  out.queue_bytes = section["queue_bytes"].as_uint();
  const bool is_http = out.backend.starts_with("http://") || out.backend.starts_with("https://");
  if (out.enabled && !is_http) {
    throw std::runtime_error("[events_webhook] backend: needs an http:// or https:// address");
  }
  return out;
}

}  // namespace cardea::events_webhook
