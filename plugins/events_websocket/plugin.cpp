// Event sink: events to a WebSocket server, as Janus's wsevh.
#include <memory>

#include <cardea/sdk/event_sink.hpp>

#include "plugins/events_websocket/client.hpp"
#include "plugins/events_websocket/config.hpp"

namespace cardea::events_websocket {

class EventsWebSocket {
 public:
  static constexpr const char* kAliases[] = {"janus.eventhandler.wsevh", nullptr};
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "cardea.events.websocket",
      .name = "Events by WebSocket",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "Sends events to a WebSocket server",
      .aliases = kAliases,
      .requires_ids = nullptr,
      .config_keys = kConfigKeys.data(),
      .config_key_count = kConfigKeys.size(),
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  EventsWebSocket(const cardea_host_t& host, const Json& config)
      : host_(host), choice_(config["events_websocket"]) {
    if (Settings settings = read_settings(config); settings.enabled) {
      client_ = std::make_unique<Client>(host_, choice_, std::move(settings));
    }
  }

  const void* get_interface(std::string_view id) const noexcept {
    return client_ && id == CARDEA_EVENT_SINK ? &sdk::kEventSinkTable<EventsWebSocket> : nullptr;
  }

  [[nodiscard]] const sdk::Host& host() const { return host_; }
  [[nodiscard]] std::uint32_t mask() const { return choice_.mask(); }
  void event(std::string_view json) { client_->push(json); }
  Json query(const Json& request) { return choice_.query(request); }

 private:
  sdk::EventSinkHost host_;
  sdk::EventChoice choice_;
  std::unique_ptr<Client> client_;  ///< null: not enabled
};

CARDEA_MODULE(EventsWebSocket);

}  // namespace cardea::events_websocket
