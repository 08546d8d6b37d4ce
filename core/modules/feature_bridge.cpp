#include "core/modules/feature_bridge.hpp"

#include <chrono>
#include <string>

#include "core/modules/contained.hpp"
#include "core/modules/text.hpp"
#include "core/session/operation.hpp"

namespace cardea::modules {

namespace {

constexpr auto kSlowCall = std::chrono::seconds(1);

// Logs a call into a module that held the control thread for too long.
class CallTimer {
 public:
  CallTimer(ModuleContext& context, const char* call)
      : context_(context), call_(call), start_(MonotonicClock::now()) {}
  ~CallTimer() {
    const auto took = MonotonicClock::now() - start_;
    if (took > kSlowCall) {
      context_.log.warn("module {}: {} took {} ms", context_.name, call_, took.count() / 1000);
    }
  }
  CallTimer(const CallTimer&) = delete;
  CallTimer& operator=(const CallTimer&) = delete;

 private:
  ModuleContext& context_;
  const char* call_;
  Time start_;
};

session::FeatureInfo info_of(const cardea_module_info_t& module, const cardea_feature_t& table) {
  session::FeatureInfo info;
  info.id = module.id;
  for (const char* const* alias = module.aliases; alias != nullptr && *alias != nullptr; ++alias) {
    info.aliases.emplace_back(*alias);
  }
  const auto text = [](const char* value) { return std::string(value == nullptr ? "" : value); };
  info.name = text(module.name);
  info.author = text(module.author);
  info.description = text(module.description);
  info.version_text = text(module.version_text);
  info.version = module.version;
  info.event_key = text(table.event_key);
  info.operations = {table.operations, table.operation_count};
  info.codes = table.codes;
  if (table.error_word != nullptr) {
    info.error_word = table.error_word;
  }
  info.request_optional = table.request_optional != 0;
  return info;
}

session::Api& api(void* context) { return ModuleContext::on_control(context).services.api; }

void reply(void* context, cardea_request_id_t request, cardea_str_t body) noexcept {
  api(context).reply(request, view(body));
}

int event(void* context, cardea_handle_t handle, cardea_request_id_t request, cardea_str_t body,
          const cardea_jsep_plan_t* plan) noexcept {
  return api(context).event(handle, request, view(body), plan);
}

int accept_answer(void* context, cardea_request_id_t request) noexcept {
  return api(context).accept_answer(request);
}

void hangup(void* context, cardea_handle_t handle, cardea_str_t reason) noexcept {
  api(context).hangup(handle, view(reason));
}

void set_role(void* context, cardea_handle_t handle, const char* role) noexcept {
  api(context).set_role(handle, role == nullptr ? "" : role);
}

const cardea_mline_t* mlines(void* context, cardea_handle_t handle, std::size_t* count) noexcept {
  return api(context).mlines(handle, *count);
}

int may(void* context, cardea_handle_t handle, cardea_access_t access) noexcept {
  return api(context).may(handle, access) ? 1 : 0;
}

std::uint64_t timer_start(void* context, std::uint32_t milliseconds, void (*fire)(void*),
                          void* argument) noexcept {
  auto& self = ModuleContext::on_control(context);
  return self.services.loop.after(std::chrono::milliseconds(milliseconds), [&self, fire, argument] {
    contained(self, "a timer", [&] { fire(argument); });
  });
}

void timer_cancel(void* context, std::uint64_t timer) noexcept {
  ModuleContext::on_control(context).services.loop.timers().cancel(timer);
}

constexpr cardea_feature_host_t kFeatureHost{sizeof(cardea_feature_host_t),
                                             &reply,
                                             &event,
                                             &accept_answer,
                                             &hangup,
                                             &set_role,
                                             &mlines,
                                             &may,
                                             &timer_start,
                                             &timer_cancel};

}  // namespace

FeatureBridge::FeatureBridge(Module& module, const cardea_feature_t& table)
    : module_(module), table_(table), info_(info_of(module.info(), table)) {}

void* FeatureBridge::attach(session::HandleId handle) {
  const CallTimer timer(module_.context(), "attach");
  return contained<void*>(module_.context(), "attach", nullptr,
                          [&] { return table_.attach(module_.instance(), handle); });
}

void FeatureBridge::detach(void* object) {
  const CallTimer timer(module_.context(), "detach");
  contained(module_.context(), "detach", [&] { table_.detach(object); });
}

void FeatureBridge::message(void* object, const cardea_request_t& request) {
  const CallTimer timer(module_.context(), "message");
  contained(module_.context(), "message", [&] { table_.message(object, &request); });
}

Json FeatureBridge::describe(void* object) {
  if (table_.describe == nullptr) {
    return {};
  }
  const CallTimer timer(module_.context(), "describe");
  Json out;
  contained(module_.context(), "describe", [&] {
    table_.describe(object, &out, [](void* sink, cardea_str_t json) {
      *static_cast<Json*>(sink) = session::feature_json(view(json));
    });
  });
  return out;
}

void FeatureBridge::media(void* object, const cardea_media_event_t& event) {
  const CallTimer timer(module_.context(), "media");
  contained(module_.context(), "media", [&] { table_.media(object, &event); });
}

void FeatureBridge::data(void* object, const cardea_data_message_t& message) {
  if (table_.data == nullptr) {
    return;
  }
  const CallTimer timer(module_.context(), "data");
  contained(module_.context(), "data", [&] { table_.data(object, &message); });
}

const cardea_feature_host_t& feature_host_table() { return kFeatureHost; }

}  // namespace cardea::modules
