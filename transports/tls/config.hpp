// The settings of TLS: declared once, read once.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/module.hpp>

namespace cardea::tls {

struct Settings {
  std::string cert;  ///< PEM file: certificate, then its chain
  std::string key;   ///< PEM file
  bool auto_generate = false;
  std::uint16_t port = 0;
  std::chrono::seconds handshake_timeout{};
  std::chrono::seconds check_interval{};
};

inline constexpr std::array kConfigKeys = {
    sdk::config::text("tls", "cert", "", 4096, "PEM file of the certificate and its chain."),
    sdk::config::text("tls", "key", "", 4096, "PEM file of its private key."),
    sdk::config::boolean("tls", "auto_generate", "no",
                         "yes: without cert and key, a self-signed certificate for localhost."),
    sdk::config::integer("tls", "port", "8443", 0, 65535,
                         "TCP port of TLS at [http] address; 0 lets the system choose."),
    sdk::config::integer("tls", "handshake_timeout", "10", 1, 3600,
                         "Seconds that a TLS handshake may take."),
    sdk::config::integer("tls", "check_interval", "3600", 1, 86400,
                         "Seconds between two looks whether the files have changed."),
};

inline Settings read_settings(const Json& config) {
  const Json section = config["tls"];
  return {std::string(section["cert"].text_or()),
          std::string(section["key"].text_or()),
          section["auto_generate"].as_bool(),
          static_cast<std::uint16_t>(section["port"].as_uint()),
          std::chrono::seconds(section["handshake_timeout"].as_int()),
          std::chrono::seconds(section["check_interval"].as_int())};
}

}  // namespace cardea::tls
