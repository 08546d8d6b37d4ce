// What every module written in C++ needs: the exported descriptor, an exception barrier, and the
// host as an object.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <cardea/abi.h>
#include <cardea/sdk/json.hpp>

namespace cardea::sdk {

/// Borrowed both ways: valid as long as the text is.
constexpr cardea_str_t to_str(std::string_view text) { return {text.data(), text.size()}; }
constexpr std::string_view to_view(cardea_str_t text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

/// The host as a module sees it. A value that borrows the host's table, which outlives the module.
class Host {
 public:
  explicit Host(const cardea_host_t& table) : table_(&table) {}

  /// [any] One line under the module's name.
  void log(cardea_log_level_t level, std::string_view text) const {
    table_->log(table_->context, level, to_str(text));
  }
  void debug(std::string_view text) const { log(CARDEA_LOG_DEBUG, text); }
  void info(std::string_view text) const { log(CARDEA_LOG_INFO, text); }
  void warn(std::string_view text) const { log(CARDEA_LOG_WARN, text); }
  void error(std::string_view text) const { log(CARDEA_LOG_ERROR, text); }

  /// [control] The table of functions with that id ("cardea.media/1"), null when there is none.
  /// Calls to it take context() first.
  template <typename Table>
  const Table* get_interface(const char* id) const {
    return static_cast<const Table*>(table_->get_interface(table_->context, id));
  }

  [[nodiscard]] void* context() const { return table_->context; }

 private:
  const cardea_host_t* table_;
};

/// Runs `call`; an exception becomes a line in the log and `fallback`, because none may cross the
/// ABI.
/// @param where names the entry in that line.
template <typename T, typename Call>
T guarded(const Host& host, std::string_view where, T fallback, Call&& call) noexcept {
  try {
    return std::forward<Call>(call)();
  } catch (const std::exception& failure) {
    host.error(std::string(where) + ": " + failure.what());
  } catch (...) {
    host.error(std::string(where) + ": unknown exception");
  }
  return fallback;
}

/// The same for an entry that returns nothing.
template <typename Call>
void guarded(const Host& host, std::string_view where, Call&& call) noexcept {
  guarded(host, where, 0, [&] {
    std::forward<Call>(call)();
    return 0;
  });
}

namespace detail {

template <typename Module>
void* create(const cardea_host_t* table, cardea_str_t text) {
  const Host host(*table);
  return guarded<void*>(host, "create", nullptr, [&]() -> void* {
    // The host's own text, as long as there are rooms in the configuration.
    auto config =
        Json::parse(to_view(text), {.depth = 60, .members = 10'000'000, .nodes = 100'000'000});
    if (!config) {
      host.error("configuration: " + config.error().message);
      return nullptr;
    }
    return std::make_unique<Module>(*table, std::move(*config)).release();
  });
}

template <typename Module>
void destroy(void* instance) {
  delete static_cast<Module*>(instance);
}

template <typename Module>
const void* get_interface(void* instance, const char* id) {
  return static_cast<Module*>(instance)->get_interface(id);
}

/// Module::kInfo with its size, ABI number and three entries filled in.
template <typename Module>
constexpr cardea_module_info_t module_info() {
  cardea_module_info_t info = Module::kInfo;
  info.size = sizeof info;
  info.abi_major = CARDEA_ABI_MAJOR;
  info.create = create<Module>;
  info.destroy = destroy<Module>;
  info.get_interface = get_interface<Module>;
  return info;
}

}  // namespace detail

}  // namespace cardea::sdk

/// Exports class `Module` as this library's module. The class has
///   static constexpr cardea_module_info_t kInfo          everything that describes it
///   Module(const cardea_host_t& host, cardea::Json config)   may throw: the start is refused
///   const void* get_interface(std::string_view id)       noexcept; null for an unknown id
#define CARDEA_MODULE(Module)                                                                      \
  extern "C" {                                                                                     \
  extern __attribute__((visibility("default"))) const cardea_module_info_t cardea_module;          \
  constinit const cardea_module_info_t cardea_module = cardea::sdk::detail::module_info<Module>(); \
  }                                                                                                \
  static_assert(true, "takes the semicolon")
