// The WebSocket transport's settings: declared once, read once.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <cardea/sdk/address_list.hpp>
#include <cardea/sdk/module.hpp>

namespace cardea::websocket {

struct Settings {
  std::string address;
  std::uint16_t port = 0;
  std::string admin_address;
  std::uint16_t admin_port = 0;
  bool tls = false;            ///< on `port`
  sdk::AddressList acl;        ///< empty: everybody
  sdk::AddressList admin_acl;  ///< the same for the admin port
  sdk::AddressList trusted_proxies;
  std::vector<std::string> origins;  ///< of pages that may come; empty: any
  std::size_t max_message = 0;       ///< bytes of a text without "jsep"
  std::size_t max_message_jsep = 0;  ///< bytes of any text
  std::size_t send_queue_bytes = 0;
  std::size_t send_queue_messages = 0;
  std::chrono::seconds ping_interval{};
  std::chrono::seconds ping_timeout{};
  std::chrono::seconds partial_message_timeout{};
  std::chrono::seconds handshake_timeout{};
  std::size_t pings_per_second = 0;
  std::size_t max_connections = 0;
  std::size_t max_connections_per_address = 0;
  /// False: no cap per address and no rate limit; bounds of size stay.
  bool limits = true;
};

/// @param config the checked configuration, all defaults filled in. The error names a bad address.
Result<Settings> read_settings(const Json& config);

inline constexpr std::int64_t kMostBytes = 64 << 20;
inline constexpr std::int64_t kMostSeconds = 3600;

inline constexpr std::array kConfigKeys = {
    cardea_config_key_t{"websocket", "address", CARDEA_CONFIG_STRING, "127.0.0.1", 0, 64, nullptr,
                        "IP address to listen on; :: for all, IPv4 included."},
    cardea_config_key_t{"websocket", "port", CARDEA_CONFIG_INT, "8188", 0, 65535, nullptr,
                        "TCP port; 0 lets the system choose, and the ready line tells it."},
    cardea_config_key_t{"websocket", "admin_address", CARDEA_CONFIG_STRING, "127.0.0.1", 0, 64,
                        nullptr, "IP address of the admin port; keep it away from the public."},
    cardea_config_key_t{"websocket", "admin_port", CARDEA_CONFIG_INT, "7188", 0, 65535, nullptr,
                        "TCP port of the Admin API; 0 lets the system choose."},
    cardea_config_key_t{"websocket", "tls", CARDEA_CONFIG_BOOL, "no", 0, 0, nullptr,
                        "yes: the port speaks TLS only, with the certificate of [tls]."},
    cardea_config_key_t{"websocket", "acl", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
                        "Addresses and networks that may connect; empty: all."},
    cardea_config_key_t{"websocket", "admin_acl", CARDEA_CONFIG_LIST, "", 0, 0, nullptr,
                        "Addresses and networks that may use the admin port; empty: all."},
    cardea_config_key_t{"websocket", "max_message", CARDEA_CONFIG_INT, "262144", 1024, kMostBytes,
                        nullptr, "Largest message without a jsep member in bytes."},
    cardea_config_key_t{"websocket", "max_message_jsep", CARDEA_CONFIG_INT, "1048576", 1024,
                        kMostBytes, nullptr, "Largest message of all in bytes."},
    cardea_config_key_t{"websocket", "send_queue_bytes", CARDEA_CONFIG_INT, "1048576", 4096,
                        kMostBytes, nullptr,
                        "Bytes waiting for a client that does not read before it is closed."},
    cardea_config_key_t{"websocket", "send_queue_messages", CARDEA_CONFIG_INT, "1000", 1, 1'000'000,
                        nullptr,
                        "Messages waiting for a client that does not read before it is closed."},
    cardea_config_key_t{"websocket", "ping_interval", CARDEA_CONFIG_INT, "20", 1, kMostSeconds,
                        nullptr, "Seconds of silence before the server sends a ping."},
    cardea_config_key_t{"websocket", "ping_timeout", CARDEA_CONFIG_INT, "60", 2, 3 * kMostSeconds,
                        nullptr,
                        "Seconds of silence that end a connection; more than ping_interval."},
    cardea_config_key_t{"websocket", "partial_message_timeout", CARDEA_CONFIG_INT, "10", 1,
                        kMostSeconds, nullptr, "Seconds that one message may take to arrive."},
    cardea_config_key_t{"websocket", "handshake_timeout", CARDEA_CONFIG_INT, "10", 1, kMostSeconds,
                        nullptr, "Seconds from the TCP connection to the finished upgrade."},
    cardea_config_key_t{"websocket", "pings_per_second", CARDEA_CONFIG_INT, "10", 1, 10'000,
                        nullptr,
                        "Pings that a client may send, counted as 131 bytes each (see the file)."},
    cardea_config_key_t{"websocket", "max_connections", CARDEA_CONFIG_INT, "20000", 1, 1'000'000,
                        nullptr, "Connections at once."},
    cardea_config_key_t{"websocket", "max_connections_per_address", CARDEA_CONFIG_INT, "256", 1,
                        1'000'000, nullptr, "Connections at once from one IP address."},
};

}  // namespace cardea::websocket
