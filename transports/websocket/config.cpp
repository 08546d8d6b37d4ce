// From the host's JSON to typed settings.
#include "transports/websocket/config.hpp"

namespace cardea::websocket {

Result<Settings> read_settings(const Json& config) {
  const Json section = config["websocket"];
  const auto size = [&](const char* key) { return std::size_t{section[key].as_uint()}; };
  const auto seconds = [&](const char* key) { return std::chrono::seconds(section[key].as_int()); };
  Settings out;
  out.address = section["address"].text_or("127.0.0.1");
  out.port = static_cast<std::uint16_t>(section["port"].as_uint());
  out.admin_address = section["admin_address"].text_or("127.0.0.1");
  out.admin_port = static_cast<std::uint16_t>(section["admin_port"].as_uint());
  out.tls = section["tls"].as_bool();
  for (const auto& [key, list] : {std::pair{"acl", &out.acl}, {"admin_acl", &out.admin_acl}}) {
    auto parsed = sdk::AddressList::read(section[key]);
    if (!parsed) {
      return Error{std::string("[websocket] ") + key + ": " + parsed.error().message};
    }
    *list = std::move(*parsed);
  }
  out.max_message = size("max_message");
  out.max_message_jsep = size("max_message_jsep");
  out.send_queue_bytes = size("send_queue_bytes");
  out.send_queue_messages = size("send_queue_messages");
  out.ping_interval = seconds("ping_interval");
  out.ping_timeout = seconds("ping_timeout");
  if (out.ping_timeout <= out.ping_interval) {
    return Error{"[websocket] ping_timeout must be more than ping_interval"};
  }
  out.partial_message_timeout = seconds("partial_message_timeout");
  out.handshake_timeout = seconds("handshake_timeout");
  out.pings_per_second = size("pings_per_second");
  out.max_connections = size("max_connections");
  out.max_connections_per_address = size("max_connections_per_address");
  return out;
}

}  // namespace cardea::websocket
