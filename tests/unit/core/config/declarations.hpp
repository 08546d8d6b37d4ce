// The declarations that the configuration tests share: a core set and two modules.
#pragma once

#include <array>

#include "core/config/config.hpp"

namespace cardea::config::test {

inline constexpr cardea_config_key_t kCoreKeys[] = {
    {"media", "udp_port", CARDEA_CONFIG_INT, "10000", 1, 65535, nullptr, "UDP port"},
    {"media", "address", CARDEA_CONFIG_STRING, "127.0.0.1", 0, 0, nullptr, "Address"},
    {"log", "level", CARDEA_CONFIG_ENUM, "info", 0, 0, "debug|info|warn", "Level"},
    {"limits", "enabled", CARDEA_CONFIG_BOOL, "yes", 0, 0, nullptr, "Limits"},
    {"janus", "origins", CARDEA_CONFIG_LIST, "", 0, 0, nullptr, "Origins"},
    {"admin", "secret", CARDEA_CONFIG_SECRET, nullptr, 8, 64, nullptr, "Secret"},
};
inline constexpr cardea_config_key_t kWebsocketKeys[] = {
    {"websocket", "port", CARDEA_CONFIG_INT, "8188", 0, 65535, nullptr, "Port"},
    {"websocket", "enabled", CARDEA_CONFIG_BOOL, "yes", 0, 0, nullptr, "Enabled"},
    {"websocket", "protocols", CARDEA_CONFIG_LIST, "a, b", 0, 0, nullptr, "Words"},
};
inline constexpr cardea_config_key_t kVideoroomKeys[] = {
    {"videoroom", "string_ids", CARDEA_CONFIG_BOOL, "no", 0, 0, nullptr, "Ids"},
    {"room-*", "description", CARDEA_CONFIG_STRING, "", 0, 0, nullptr, "Text"},
    {"room-*", "publishers", CARDEA_CONFIG_INT, "3", 1, 100, nullptr, "Count"},
    {"room-*", "pin", CARDEA_CONFIG_SECRET, nullptr, 0, 0, nullptr, "Pin"},
};

inline const std::array<DeclarationSet, 3> kSets = {
    DeclarationSet{"core", "cardea.conf", kCoreKeys},
    DeclarationSet{"websocket", "transports/websocket.conf", kWebsocketKeys},
    DeclarationSet{"videoroom", "plugins/videoroom.conf", kVideoroomKeys},
};

/// One file that may hold all sections.
inline Loaded load_text(const std::string& text, const Environment& environment = {},
                        Unknown unknown = Unknown::Report) {
  const Source source{"test.conf", "", text};
  return Config::from_sources({&source, 1}, kSets, environment, unknown);
}

}  // namespace cardea::config::test
