// Declaring the configuration keys of a module as a constant table.
#pragma once

#include <cstdint>

#include <cardea/abi.h>

/// One key each, for cardea_module_info_t.config_keys. A null default means: absent when not set.
namespace cardea::sdk::config {

constexpr cardea_config_key_t boolean(const char* section, const char* key,
                                      const char* default_value, const char* help) {
  return {section, key, CARDEA_CONFIG_BOOL, default_value, 0, 0, nullptr, help};
}
constexpr cardea_config_key_t integer(const char* section, const char* key,
                                      const char* default_value, std::int64_t min, std::int64_t max,
                                      const char* help) {
  return {section, key, CARDEA_CONFIG_INT, default_value, min, max, nullptr, help};
}
/// @param max_bytes longest value.
constexpr cardea_config_key_t text(const char* section, const char* key, const char* default_value,
                                   std::int64_t max_bytes, const char* help) {
  return {section, key, CARDEA_CONFIG_STRING, default_value, 0, max_bytes, nullptr, help};
}
/// A text that the host never shows.
constexpr cardea_config_key_t secret(const char* section, const char* key, std::int64_t max_bytes,
                                     const char* help) {
  return {section, key, CARDEA_CONFIG_SECRET, nullptr, 0, max_bytes, nullptr, help};
}
/// Words separated by commas; a JSON array in the configuration that create() gets.
constexpr cardea_config_key_t list(const char* section, const char* key, const char* default_value,
                                   const char* help) {
  return {section, key, CARDEA_CONFIG_LIST, default_value, 0, 0, nullptr, help};
}

}  // namespace cardea::sdk::config
