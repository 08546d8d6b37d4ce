// Service: the bus of several servers, on Redis.
#include <stdexcept>
#include <string>

#include <cardea/sdk/bus_backend.hpp>

#include "plugins/bus_redis/address.hpp"
#include "plugins/bus_redis/service.hpp"

namespace cardea::bus_redis {

namespace {

Settings read_settings(const Json& config) {
  const Json section = config["bus"];
  auto address = parse_address(section["url"].text_or());
  if (!address) {
    throw std::runtime_error("[bus] url: " + address.error().message);
  }
  return {*std::move(address), section["prefix"].text_or(), section["queue"].as_uint()};
}

}  // namespace

class BusRedis {
 public:
  static constexpr const char* kAliases[] = {CARDEA_BUS_MODULE, nullptr};
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "cardea.bus.redis",
      .name = "Bus on Redis",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "Messages, keys and counters that several servers share",
      .aliases = kAliases,
      .requires_ids = nullptr,
      .config_keys = nullptr,
      .config_key_count = 0,
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  BusRedis(const cardea_host_t& table, const Json& config)
      : host_(table),
        server_(host_),
        inbox_(host_, subscriptions_),
        service_(host_, read_settings(config), inbox_),
        table_(sdk::BusTable<BusRedis>::make(this)) {}

  const void* get_interface(std::string_view id) const noexcept {
    return id == CARDEA_BUS ? &table_ : nullptr;
  }

  [[nodiscard]] const sdk::Host& host() const { return host_; }
  [[nodiscard]] bool ready() const { return service_.ready(); }

  bool order(const sdk::BusOrder& order, sdk::BusCaller caller) {
    if (!sdk::bus_key_fits(order.key) || !sdk::bus_value_fits(order.value)) {
      inbox_.answer({caller, CARDEA_BUS_REFUSED});
      return true;
    }
    if (!service_.order(order, caller)) {
      server_.limit_hit("queue");
      return false;
    }
    return true;
  }

  std::uint64_t subscribe(std::string_view channel, cardea_bus_message_t message, void* argument) {
    if (!sdk::bus_key_fits(channel)) {
      return 0;
    }
    const bool first = !subscriptions_.hears(std::string(channel));
    const std::uint64_t id = subscriptions_.add(channel, message, argument);
    if (id != 0 && first) {
      service_.listen(channel, true);
    }
    return id;
  }
  void unsubscribe(std::uint64_t id) {
    if (const auto channel = subscriptions_.remove(id)) {
      service_.listen(*channel, false);
    }
  }

 private:
  sdk::Host host_;
  sdk::Server server_;
  sdk::BusSubscriptions subscriptions_;
  sdk::BusInbox inbox_;
  Service service_;
  cardea_bus_t table_;
};

CARDEA_MODULE(BusRedis);

}  // namespace cardea::bus_redis
