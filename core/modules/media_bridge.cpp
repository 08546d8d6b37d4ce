#include "core/modules/media_bridge.hpp"

#include "core/modules/host_services.hpp"
#include "core/modules/text.hpp"

namespace cardea::modules {

namespace {

media::Engine& engine(void* context) { return ModuleContext::on_control(context).services.engine; }

media::RouteSettings route_settings(const cardea_route_settings_t* settings) {
  if (settings == nullptr) {
    return {};
  }
  return {settings->paused != 0, settings->substream, settings->temporal};
}

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
  engine(context).set_source({from, mline}, {settings->bitrate, settings->keyframe_seconds});
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

constexpr cardea_media_t kMedia{sizeof(cardea_media_t),
                                &place,
                                &route_add,
                                &route_set,
                                &route_remove,
                                &source_set,
                                &request_keyframe,
                                nullptr,
                                nullptr,
                                nullptr,
                                nullptr,
                                nullptr,
                                &data_send};

}  // namespace

const cardea_media_t& media_table() { return kMedia; }

}  // namespace cardea::modules
