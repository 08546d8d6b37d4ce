// The HTTP transport's settings: declared once, read once.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <cardea/sdk/address_list.hpp>
#include <cardea/sdk/module.hpp>

namespace cardea::http {

struct Settings {
  std::string address;
  std::uint16_t port = 0;
  std::string admin_address;
  std::uint16_t admin_port = 0;
  std::string base_path;  ///< "/janus": begins with a slash, ends without
  std::string admin_base_path;
  sdk::AddressList acl;        ///< empty: everybody
  sdk::AddressList admin_acl;  ///< the same for the admin port
  sdk::AddressList trusted_proxies;
  std::vector<std::string> origins;  ///< of pages that may use the Janus API; empty: any
  std::string web_root;              ///< folder of the web app; empty serves none
  std::string websocket_url;         ///< what /cardea.json says; empty: made from the Host header
  std::size_t max_body = 0;
  std::size_t max_body_jsep = 0;
  std::chrono::seconds header_timeout{};
  std::size_t body_min_rate = 0;  ///< bytes per second
  std::chrono::seconds idle_timeout{};
  std::chrono::seconds poll_timeout{};
  std::chrono::seconds answer_timeout{};
  std::size_t max_connections = 0;
  std::size_t max_connections_per_address = 0;
  std::string frame_options;  ///< header values; empty: without that header
  std::string referrer_policy;
  std::string content_security_policy;
  bool legacy_xss_header = false;
  bool docs = true;                        ///< the page of the API's document is served
  std::vector<std::string> allowed_hosts;  ///< that the Host header may name; empty: any
  /// False: no cap per address; bounds of size and time stay.
  bool limits = true;
};

/// @param config the checked configuration, all defaults filled in. The error names a bad address.
Result<Settings> read_settings(const Json& config);

// The page loads nothing from elsewhere; WebSockets may sit on another port or host.
inline constexpr const char* kContentSecurityPolicy =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' "
    "wss: ws:; media-src 'self' blob: data:; img-src 'self' data: blob:; font-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'self'; "
    "form-action 'self'";

inline constexpr std::int64_t kMostBytes = 64 << 20;
inline constexpr std::int64_t kMostSeconds = 3600;

inline constexpr std::array kConfigKeys = {
    cardea_config_key_t{"http", "address", CARDEA_CONFIG_STRING, "127.0.0.1", 0, 64, nullptr,
                        "IP address to listen on; :: for all, IPv4 included."},
    cardea_config_key_t{"http", "port", CARDEA_CONFIG_INT, "8088", 0, 65535, nullptr,
                        "TCP port; 0 lets the system choose, and the ready line tells it."},
    cardea_config_key_t{"http", "admin_address", CARDEA_CONFIG_STRING, "127.0.0.1", 0, 64, nullptr,
                        "IP address of the admin port; keep it away from the public."},
    cardea_config_key_t{"http", "admin_port", CARDEA_CONFIG_INT, "7088", 0, 65535, nullptr,
                        "TCP port of the Admin API, metrics and health; 0 lets the system choose."},
    cardea_config_key_t{"http", "base_path", CARDEA_CONFIG_STRING, "/janus", 0, 64, nullptr,
                        "Path of the Janus API: begins with a slash, ends without."},
    cardea_config_key_t{"http", "admin_base_path", CARDEA_CONFIG_STRING, "/admin", 0, 64, nullptr,
                        "Path of the Admin API on the admin port, in the same form."},
    cardea_config_key_t{"http", "acl", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
                        "Addresses and networks that may connect; empty: all."},
    cardea_config_key_t{"http", "admin_acl", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
                        "Addresses and networks that may use the admin port; empty: all."},
    cardea_config_key_t{"http", "web_root", CARDEA_CONFIG_STRING, "", 0, 4096, nullptr,
                        "Folder of the web app; empty: the one that came with the server."},
    cardea_config_key_t{"http", "websocket_url", CARDEA_CONFIG_STRING, "", 0, 512, nullptr,
                        "URL of the WebSocket API for browsers; empty: this port and base_path."},
    cardea_config_key_t{"http", "frame_options", CARDEA_CONFIG_STRING, "DENY", 0, 64, nullptr,
                        "Value of X-Frame-Options; empty: without it."},
    cardea_config_key_t{"http", "referrer_policy", CARDEA_CONFIG_STRING,
                        "strict-origin-when-cross-origin", 0, 64, nullptr,
                        "Value of Referrer-Policy; empty: without it."},
    cardea_config_key_t{"http", "content_security_policy", CARDEA_CONFIG_STRING,
                        kContentSecurityPolicy, 0, 4096, nullptr,
                        "Value of Content-Security-Policy; empty: without it."},
    cardea_config_key_t{"http", "legacy_xss_header", CARDEA_CONFIG_BOOL, "no", 0, 0, nullptr,
                        "Whether answers have X-XSS-Protection, for old browsers."},
    cardea_config_key_t{"http", "docs", CARDEA_CONFIG_BOOL, "yes", 0, 0, nullptr,
                        "Whether /docs shows the REST API to people."},
    cardea_config_key_t{"http", "allowed_hosts", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
                        "Names that the Host header may have, without a port; empty: any."},
    cardea_config_key_t{"http", "max_body", CARDEA_CONFIG_INT, "262144", 1024, kMostBytes, nullptr,
                        "Largest request body without a jsep member in bytes."},
    cardea_config_key_t{"http", "max_body_jsep", CARDEA_CONFIG_INT, "1048576", 1024, kMostBytes,
                        nullptr, "Largest request body of all in bytes."},
    cardea_config_key_t{"http", "header_timeout", CARDEA_CONFIG_INT, "10", 1, kMostSeconds, nullptr,
                        "Seconds that the head of a request may take to arrive."},
    cardea_config_key_t{"http", "body_min_rate", CARDEA_CONFIG_INT, "1024", 1, kMostBytes, nullptr,
                        "Bytes per second that a request body must bring after 10 s."},
    cardea_config_key_t{"http", "idle_timeout", CARDEA_CONFIG_INT, "60", 1, kMostSeconds, nullptr,
                        "Seconds that a connection may rest between requests."},
    cardea_config_key_t{"http", "poll_timeout", CARDEA_CONFIG_INT, "45", 1, kMostSeconds, nullptr,
                        "Seconds until a long poll is freed that nobody answered."},
    cardea_config_key_t{"http", "answer_timeout", CARDEA_CONFIG_INT, "30", 1, kMostSeconds, nullptr,
                        "Seconds until a request that nobody answered gets 504."},
    cardea_config_key_t{"http", "max_connections", CARDEA_CONFIG_INT, "10000", 1, 1'000'000,
                        nullptr, "Connections at once on each of the two ports."},
    cardea_config_key_t{"http", "max_connections_per_address", CARDEA_CONFIG_INT, "256", 1,
                        1'000'000, nullptr, "Connections at once from one IP address."},
};

}  // namespace cardea::http
