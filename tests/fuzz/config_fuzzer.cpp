// Any bytes as a configuration file: the loader must answer with values or errors, and its JSON
// must parse.
#include <cstdlib>
#include <string>

#include <jansson.h>

#include "core/config/config.hpp"

namespace {

constexpr cardea_config_key_t kKeys[] = {
    {"media", "udp_port", CARDEA_CONFIG_INT, "10000", 1, 65535, nullptr, "Port"},
    {"media", "address", CARDEA_CONFIG_STRING, "", 0, 64, nullptr, "Address"},
    {"log", "level", CARDEA_CONFIG_ENUM, "info", 0, 0, "debug|info", "Level"},
    {"limits", "enabled", CARDEA_CONFIG_BOOL, "yes", 0, 0, nullptr, "Limits"},
    {"janus", "origins", CARDEA_CONFIG_LIST, "", 0, 0, nullptr, "Origins"},
    {"room-*", "pin", CARDEA_CONFIG_SECRET, nullptr, 0, 0, nullptr, "Pin"},
};

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const cardea::config::DeclarationSet set{"core", "cardea.conf", kKeys};
  const cardea::config::Source source{"fuzz.conf", "", text};
  const auto loaded =
      cardea::config::Config::from_sources({&source, 1}, {&set, 1}, {{"CARDEA_LOG_LEVEL", text}});
  const std::int64_t port = loaded.config.integer("media", "udp_port");
  json_t* json = json_loads(loaded.config.module_json("core").c_str(), JSON_ALLOW_NUL, nullptr);
  if (json == nullptr || port < 1 || port > 65535) {
    std::abort();
  }
  json_decref(json);
  return 0;
}
