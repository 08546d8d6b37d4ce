// From the host's JSON to typed settings.
#include "transports/http/config.hpp"

namespace cardea::http {

Result<Settings> read_settings(const Json& config) {
  const Json section = config["http"];
  const auto size = [&](const char* key) { return std::size_t{section[key].as_uint()}; };
  const auto port = [&](const char* key) {
    return static_cast<std::uint16_t>(section[key].as_uint());
  };
  const auto seconds = [&](const char* key) { return std::chrono::seconds(section[key].as_int()); };
  Settings out;
  out.address = section["address"].text_or("127.0.0.1");
  out.port = port("port");
  out.admin_address = section["admin_address"].text_or("127.0.0.1");
  out.admin_port = port("admin_port");
  out.base_path = section["base_path"].text_or("/janus");
  out.admin_base_path = section["admin_base_path"].text_or("/admin");
  for (const auto& [key, list] : {std::pair{"acl", &out.acl}, {"admin_acl", &out.admin_acl}}) {
    auto parsed = sdk::AddressList::read(section[key]);
    if (!parsed) {
      return Error{std::string("[http] ") + key + ": " + parsed.error().message};
    }
    *list = std::move(*parsed);
  }
  out.web_root = section["web_root"].text_or();
  out.websocket_url = section["websocket_url"].text_or();
  out.frame_options = section["frame_options"].text_or();
  out.referrer_policy = section["referrer_policy"].text_or();
  out.content_security_policy = section["content_security_policy"].text_or();
  out.legacy_xss_header = section["legacy_xss_header"].as_bool();
  out.docs = section["docs"].as_bool(true);
  for (std::size_t i = 0; i < section["allowed_hosts"].size(); ++i) {
    out.allowed_hosts.push_back(section["allowed_hosts"].at(i).text_or());
  }
  out.max_body = size("max_body");
  out.max_body_jsep = size("max_body_jsep");
  out.header_timeout = seconds("header_timeout");
  out.body_min_rate = size("body_min_rate");
  out.idle_timeout = seconds("idle_timeout");
  out.poll_timeout = seconds("poll_timeout");
  out.answer_timeout = seconds("answer_timeout");
  out.max_connections = size("max_connections");
  out.max_connections_per_address = size("max_connections_per_address");
  return out;
}

}  // namespace cardea::http
