// Event sink: one line in the log per event, under the area events_log.
#include <array>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/event_sink.hpp>

namespace cardea::events_log {

namespace {

constexpr std::array kConfigKeys = {
    sdk::config::boolean("events_log", "enabled", "no", "Whether events are written to the log."),
    sdk::config::list("events_log", "events", "all",
                      "Kinds of events: all, none, or sessions, handles, external, jsep, webrtc, "
                      "media, plugins, transports, core."),
};

}  // namespace

class EventsLog {
 public:
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "cardea.events.log",
      .name = "Events to the log",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "Writes each event to the log",
      .aliases = nullptr,
      .requires_ids = nullptr,
      .config_keys = kConfigKeys.data(),
      .config_key_count = kConfigKeys.size(),
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  EventsLog(const cardea_host_t& host, const Json& config)
      : host_(host),
        enabled_(config["events_log"]["enabled"].as_bool()),
        choice_(config["events_log"]) {}

  const void* get_interface(std::string_view id) const noexcept {
    return enabled_ && id == CARDEA_EVENT_SINK ? &sdk::kEventSinkTable<EventsLog> : nullptr;
  }

  [[nodiscard]] const sdk::Host& host() const { return host_; }
  [[nodiscard]] std::uint32_t mask() const { return choice_.mask(); }
  void event(std::string_view json) const { host_.info(json); }
  Json query(const Json& request) { return choice_.query(request); }

 private:
  sdk::Host host_;
  bool enabled_;
  sdk::EventChoice choice_;
};

CARDEA_MODULE(EventsLog);

}  // namespace cardea::events_log
