#include "core/modules/event_bridge.hpp"

#include <string>

#include "core/modules/contained.hpp"
#include "core/modules/text.hpp"
#include "core/session/operation.hpp"

namespace cardea::modules {

namespace {

// The id by which Janus's users know the module, where it has one.
const char* listed_id(const cardea_module_info_t& module) {
  const bool has_alias = module.aliases != nullptr && *module.aliases != nullptr;
  return has_alias ? *module.aliases : module.id;
}

// Who answers no queries is no event handler to the outside.
event::SinkInfo describe(const cardea_module_info_t& module, bool listed) {
  const auto text = [](const char* value) { return std::string(value == nullptr ? "" : value); };
  return {listed ? listed_id(module) : "", text(module.name),         text(module.author),
          text(module.description),        text(module.version_text), module.version};
}

int wanted(void* context) noexcept {
  return ModuleContext::on_control(context).services.bus.wanted(event::Kind::Plugin) ? 1 : 0;
}

void emit(void* context, cardea_handle_t handle, cardea_str_t data) noexcept {
  auto& self = ModuleContext::on_control(context);
  const event::Bus& bus = self.services.bus;
  if (!bus.wanted(event::Kind::Plugin)) {
    return;
  }
  const Json event = session::feature_json(view(data));
  if (!event) {
    self.log.error("module {}: an event that is no JSON object", self.name);
    return;
  }
  bus.emit(event::kPlugin, self.services.api.subject(handle), [&] {
    return Json::object({{"plugin", listed_id(self.module->info())}, {"data", event}});
  });
}

void count(void* context, const char* what, std::uint64_t events) noexcept {
  auto& self = ModuleContext::of(context);
  self.services.metrics
      .counter("cardea_event_sink_total", "What became of events that event sinks took.",
               {{"module", self.name}, {"what", what}})
      .add(events);
}

void overflow(void* context) noexcept {
  auto& self = ModuleContext::of(context);
  self.services.metrics
      .counter("cardea_limit_hits_total", "Times that a bound was reached.",
               {{"limit", self.name + "_queue"}})
      .add();
}

constexpr cardea_events_t kEvents{sizeof(cardea_events_t), &wanted, &emit, &count, &overflow};

}  // namespace

EventSinkBridge::EventSinkBridge(Module& module, const cardea_event_sink_t& table)
    : module_(module), table_(table), info_(describe(module.info(), table.query != nullptr)) {
  read_mask();
}

void EventSinkBridge::event(event::Kind kind, std::string_view json) {
  contained(module_.context(), "event", [&] {
    table_.event(module_.instance(), static_cast<std::uint32_t>(kind), borrow(json));
  });
}

Json EventSinkBridge::query(const Json& request) {
  if (table_.query == nullptr) {
    return {};
  }
  const std::string text = request.dump();
  std::string answer;
  contained(module_.context(), "query", [&] {
    table_.query(module_.instance(), borrow(text), &answer, [](void* out, cardea_str_t json) {
      static_cast<std::string*>(out)->assign(view(json));
    });
  });
  read_mask();
  return session::feature_json(answer);
}

void EventSinkBridge::read_mask() {
  mask_ = contained(module_.context(), "mask", 0U, [&] { return table_.mask(module_.instance()); });
}

const cardea_events_t& events_table() { return kEvents; }

}  // namespace cardea::modules
