#include "plugins/events_websocket/config.hpp"

#include <stdexcept>

#include <libwebsockets.h>

namespace cardea::events_websocket {

Settings read_settings(const Json& config) {
  const Json section = config["events_websocket"];
  Settings out;
  out.enabled = section["enabled"].as_bool();
  out.subprotocol = section["subprotocol"].text_or();
  out.batch_events = section["batch_events"].as_uint();
  out.queue_bytes = section["queue_bytes"].as_uint();
  if (!out.enabled) {
    return out;
  }
  std::string backend = section["backend"].text_or();
  out.tls = backend.starts_with("wss://");
  const char* scheme = nullptr;
  const char* host = nullptr;
  const char* path = nullptr;
  if ((!out.tls && !backend.starts_with("ws://")) ||
      lws_parse_uri(backend.data(), &scheme, &host, &out.port, &path) != 0 || *host == '\0') {
    throw std::runtime_error("[events_websocket] backend: needs a ws:// or wss:// address");
  }
  out.host = host;
  out.path = std::string("/") + path;
  return out;
}

}  // namespace cardea::events_websocket
