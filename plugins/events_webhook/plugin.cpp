// Event sink: events to a web server by HTTP POST, as Janus's sampleevh.
#include <memory>

#include <cardea/sdk/event_sink.hpp>

#include "plugins/events_webhook/config.hpp"
#include "plugins/events_webhook/sender.hpp"

namespace cardea::events_webhook {

class EventsWebhook {
 public:
  static constexpr const char* kAliases[] = {"janus.eventhandler.sampleevh", nullptr};
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "cardea.events.webhook",
      .name = "Events by HTTP POST",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "Sends events to a web server",
      .aliases = kAliases,
      .requires_ids = nullptr,
      .config_keys = kConfigKeys.data(),
      .config_key_count = kConfigKeys.size(),
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  EventsWebhook(const cardea_host_t& host, const Json& config)
      : host_(host), choice_(config["events_webhook"]) {
    if (Settings settings = read_settings(config); settings.enabled) {
      sender_ = std::make_unique<Sender>(host_, choice_, std::move(settings));
    }
  }

  const void* get_interface(std::string_view id) const noexcept {
    return sender_ && id == CARDEA_EVENT_SINK ? &sdk::kEventSinkTable<EventsWebhook> : nullptr;
  }

  [[nodiscard]] const sdk::Host& host() const { return host_; }
  [[nodiscard]] std::uint32_t mask() const { return choice_.mask(); }
  void event(std::string_view json) { sender_->push(json); }
  Json query(const Json& request) { return choice_.query(request); }

 private:
  sdk::EventSinkHost host_;
  sdk::EventChoice choice_;
  std::unique_ptr<Sender> sender_;  ///< null: not enabled
};

CARDEA_MODULE(EventsWebhook);

}  // namespace cardea::events_webhook
