// Calls into modules: no exception comes out.
#pragma once

#include <exception>
#include <utility>

#include "core/modules/host_services.hpp"

namespace cardea::modules {

/// Runs `call`; an exception becomes a line in the log under the module's name, and `fallback`. The
/// SDK has such a barrier on its side; a module on the bare C ABI may not. [any]
template <typename T, typename Call>
T contained(const ModuleContext& context, const char* what, T fallback, Call&& call) noexcept {
  try {
    return std::forward<Call>(call)();
  } catch (const std::exception& failure) {
    context.log.error("module {}: {} threw: {}", context.name, what, failure.what());
  } catch (...) {
    context.log.error("module {}: {} threw", context.name, what);
  }
  return fallback;
}

/// The same for a call that returns nothing.
template <typename Call>
void contained(const ModuleContext& context, const char* what, Call&& call) noexcept {
  contained(context, what, 0, [&] {
    std::forward<Call>(call)();
    return 0;
  });
}

}  // namespace cardea::modules
