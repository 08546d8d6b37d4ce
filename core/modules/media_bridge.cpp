#include "core/modules/media_bridge.hpp"

#include <memory>
#include <vector>

#include "core/modules/contained.hpp"
#include "core/modules/host_services.hpp"
#include "core/modules/media_settings.hpp"
#include "core/modules/text.hpp"

namespace cardea::modules {

namespace {

media::Engine& engine(void* context) { return ModuleContext::on_control(context).services.engine; }

/// A module's callbacks as an observer.
class ModuleObserver final : public media::Observer {
 public:
  explicit ModuleObserver(const cardea_tap_settings_t& settings) : settings_(settings) {}

  void packets(std::span<const media::ObservedPacket> packets, std::uint64_t lost) override {
    in_c_.clear();
    for (const media::ObservedPacket& packet : packets) {
      in_c_.push_back({packet.arrival.time_since_epoch().count(), borrow(as_text(packet.packet)),
                       packet.keyframe ? 1 : 0});
    }
    settings_.packets(settings_.argument, in_c_.data(), in_c_.size(), lost);
  }
  void ended() override { settings_.ended(settings_.argument); }

 private:
  cardea_tap_settings_t settings_;
  std::vector<cardea_tap_packet_t> in_c_;
};

void place(void* context, cardea_handle_t handle, std::uint64_t key) noexcept {
  ModuleContext::on_control(context).services.api.place(handle, key);
}

cardea_route_t route_add(void* context, cardea_handle_t from, std::uint32_t from_mline,
                         cardea_handle_t to, std::uint32_t to_mline,
                         const cardea_route_settings_t* settings) noexcept {
  return engine(context).add_route({from, from_mline}, {to, to_mline}, route_settings(settings));
}

void route_set(void* context, cardea_route_t route,
               const cardea_route_settings_t* settings) noexcept {
  engine(context).set_route(route, route_settings(settings));
}

void route_remove(void* context, cardea_route_t route) noexcept {
  engine(context).remove_route(route);
}

void source_set(void* context, cardea_handle_t from, std::uint32_t mline,
                const cardea_source_settings_t* settings) noexcept {
  engine(context).set_source({from, mline}, source_settings(*settings));
}

void request_keyframe(void* context, cardea_handle_t from, std::uint32_t mline) noexcept {
  engine(context).request_keyframe({from, mline});
}

int data_send(void* context, cardea_handle_t to, const cardea_data_message_t* message) noexcept {
  const auto text = [](cardea_str_t from) { return std::string(view(from)); };
  switch (engine(context).send_data(to, {text(message->label), text(message->protocol),
                                         message->binary != 0, text(message->payload)})) {
    case media::DataSent::Queued:
      return 0;
    case media::DataSent::NoChannel:
      return CARDEA_DATA_NO_CHANNEL;
    case media::DataSent::Full:
      return CARDEA_DATA_FULL;
    case media::DataSent::TooBig:
      break;
  }
  return CARDEA_DATA_TOO_BIG;
}

cardea_route_t forward_add(void* context, cardea_handle_t from, std::uint32_t mline,
                           const cardea_forward_settings_t* settings) noexcept {
  const auto wanted = forward_settings(*settings);
  if (!wanted) {
    ModuleContext::of(context).log.info("forward refused: {}", wanted.error().message);
    return 0;
  }
  return engine(context).add_forward({from, mline}, *wanted);
}

cardea_handle_t receiver_add(void* context, const cardea_plain_receiver_t* settings,
                             std::uint16_t* port) noexcept {
  const auto& self = ModuleContext::of(context);
  return contained(self, "receiver_add", cardea_handle_t{0}, [&]() -> cardea_handle_t {
    const auto wanted = receiver_settings(*settings);
    if (!wanted) {
      self.log.info("receiver refused: {}", wanted.error().message);
      return 0;
    }
    const auto opened = engine(context).add_receiver(*wanted);
    if (!opened) {
      self.log.warn("receiver: {}", opened.error().message);
      return 0;
    }
    *port = opened->port;
    return opened->id;
  });
}

void receiver_remove(void* context, cardea_handle_t receiver) noexcept {
  engine(context).remove_receiver(receiver);
}

cardea_tap_t tap_add(void* context, cardea_handle_t from, std::uint32_t mline,
                     const cardea_tap_settings_t* settings) noexcept {
  return engine(context).add_tap({from, mline}, route_settings(&settings->route),
                                 std::make_shared<ModuleObserver>(*settings));
}

void tap_remove(void* context, cardea_tap_t tap) noexcept { engine(context).remove_route(tap); }

constexpr cardea_media_t kMedia{
    .size = sizeof(cardea_media_t),
    .place = &place,
    .route_add = &route_add,
    .route_set = &route_set,
    .route_remove = &route_remove,
    .source_set = &source_set,
    .request_keyframe = &request_keyframe,
    .forward_add = &forward_add,
    .receiver_add = &receiver_add,
    .receiver_remove = &receiver_remove,
    .tap_add = &tap_add,
    .tap_remove = &tap_remove,
    .data_send = &data_send,
};

}  // namespace

const cardea_media_t& media_table() { return kMedia; }

}  // namespace cardea::modules
