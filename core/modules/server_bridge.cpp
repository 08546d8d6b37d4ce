#include "core/modules/server_bridge.hpp"

#include <string>

#include "core/modules/contained.hpp"
#include "core/modules/host_services.hpp"

namespace cardea::modules {

namespace {

std::size_t copy_out(const std::string& text, char* out, std::size_t capacity) {
  if (out != nullptr) {
    text.copy(out, capacity);
  }
  return text.size();
}

std::size_t addresses(void* context, char* out, std::size_t capacity) noexcept {
  return copy_out(ModuleContext::of(context).services.facts.addresses(), out, capacity);
}

std::size_t share_folder(void* context, char* out, std::size_t capacity) noexcept {
  return copy_out(ModuleContext::of(context).services.facts.share_folder(), out, capacity);
}

std::size_t data_folder(void* context, char* out, std::size_t capacity) noexcept {
  return copy_out(ModuleContext::of(context).services.facts.data_folder(), out, capacity);
}

std::size_t origins(void* context, char* out, std::size_t capacity) noexcept {
  return copy_out(ModuleContext::of(context).services.facts.origins(), out, capacity);
}

std::size_t trusted_proxies(void* context, char* out, std::size_t capacity) noexcept {
  return copy_out(ModuleContext::of(context).services.facts.trusted_proxies(), out, capacity);
}

int limits_enabled(void* context) noexcept {
  return ModuleContext::of(context).services.facts.limits_enabled() ? 1 : 0;
}

void limit_hit(void* context, const char* limit) noexcept {
  auto& self = ModuleContext::of(context);
  self.services.metrics
      .counter("cardea_limit_hits_total", "Times that a bound was reached.",
               {{"limit", self.name + "_" + limit}})
      .add();
}

int run(void* context, void (*work)(void*), void (*done)(void*), void* argument) noexcept {
  auto& self = ModuleContext::of(context);
  const bool taken = self.services.executor.run(
      [&self, work, argument] { contained(self, "work", [&] { work(argument); }); },
      [&self, done, argument] { contained(self, "done", [&] { done(argument); }); });
  return taken ? 0 : -1;
}

int post(void* context, void (*call)(void*), void* argument) noexcept {
  auto& self = ModuleContext::of(context);
  const bool taken = self.services.executor.post(
      [&self, call, argument] { contained(self, "call", [&] { call(argument); }); });
  return taken ? 0 : -1;
}

constexpr cardea_server_t kServer{sizeof(cardea_server_t), &addresses,   &share_folder,
                                  &limits_enabled,         &data_folder, &origins,
                                  &trusted_proxies,        &limit_hit};
constexpr cardea_executor_t kExecutor{sizeof(cardea_executor_t), &run, &post};

}  // namespace

const cardea_server_t& server_table() { return kServer; }
const cardea_executor_t& executor_table() { return kExecutor; }

}  // namespace cardea::modules
