// Service: the bus of a server that is alone.
#include <chrono>

#include <cardea/sdk/bus_backend.hpp>

#include "plugins/bus_local/store.hpp"

namespace cardea::bus_local {

class BusLocal {
 public:
  static constexpr const char* kAliases[] = {CARDEA_BUS_MODULE, nullptr};
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "cardea.bus.local",
      .name = "Bus within the process",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "Messages, keys and counters of one server alone",
      .aliases = kAliases,
      .requires_ids = nullptr,
      .config_keys = nullptr,
      .config_key_count = 0,
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  BusLocal(const cardea_host_t& table, const Json& config)
      : host_(table),
        server_(host_),
        store_(config["bus"]["keys"].as_uint()),
        max_waiting_(config["bus"]["queue"].as_uint()),
        inbox_(host_, subscriptions_),
        table_(sdk::BusTable<BusLocal>::make(this)) {}

  const void* get_interface(std::string_view id) const noexcept {
    return id == CARDEA_BUS ? &table_ : nullptr;
  }

  [[nodiscard]] const sdk::Host& host() const { return host_; }
  [[nodiscard]] static bool ready() { return true; }

  bool order(const sdk::BusOrder& order, sdk::BusCaller caller) {
    if (inbox_.waiting() >= max_waiting_ || !inbox_.retry()) {
      server_.limit_hit("queue");
      return false;
    }
    sdk::BusInbox::Answer answer{caller};
    if (!sdk::bus_key_fits(order.key) || !sdk::bus_value_fits(order.value)) {
      answer.status = CARDEA_BUS_REFUSED;
    } else if (order.kind == sdk::BusOrder::Kind::Publish) {
      inbox_.message({std::string(order.key), std::string(order.value)});
    } else {
      answer = store_.perform(order, std::chrono::steady_clock::now(), caller);
    }
    if (answer.status == CARDEA_BUS_UNAVAILABLE) {
      server_.limit_hit("keys");
    }
    inbox_.answer(std::move(answer));
    return true;
  }

  std::uint64_t subscribe(std::string_view channel, cardea_bus_message_t message, void* argument) {
    return sdk::bus_key_fits(channel) ? subscriptions_.add(channel, message, argument) : 0;
  }
  void unsubscribe(std::uint64_t id) { static_cast<void>(subscriptions_.remove(id)); }

 private:
  sdk::Host host_;
  sdk::Server server_;
  Store store_;
  const std::size_t max_waiting_;
  sdk::BusSubscriptions subscriptions_;
  sdk::BusInbox inbox_;
  cardea_bus_t table_;
};

CARDEA_MODULE(BusLocal);

}  // namespace cardea::bus_local
