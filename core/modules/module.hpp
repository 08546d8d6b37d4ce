// One running module: its instance and what it sees of the host.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <cardea/abi.h>
#include <cardea/sdk/result.hpp>

#include "core/modules/host_services.hpp"
#include "core/modules/library.hpp"

namespace cardea::modules {

/// [control] All calls. Not movable: the module holds a pointer into it.
class Module {
 public:
  /// Finds an interface of another module, by the id of a module in `requires`; null when there is
  /// none.
  using Lookup = std::function<const void*(const Module& asker, std::string_view interface_id)>;

  Module(Library library, HostServices& services, std::uint32_t transport_number, Lookup lookup);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  /// Runs the module's create(). An error when it refuses (the reason is in the log); the process
  /// ends with status 2 when it takes more than 10 s, because a thread inside foreign code cannot
  /// be taken back.
  Result<void> create(const std::string& config_json);

  [[nodiscard]] const Library& library() const { return library_; }
  [[nodiscard]] const cardea_module_info_t& info() const { return *library_.info; }
  [[nodiscard]] void* instance() const { return instance_; }
  [[nodiscard]] ModuleContext& context() { return context_; }
  /// The module's side of an interface, null when it has none or an older one.
  template <typename Table>
  [[nodiscard]] const Table* interface(const char* id) const {
    const auto* table = static_cast<const Table*>(info().get_interface(instance_, id));
    return table != nullptr && table->size >= sizeof(Table) ? table : nullptr;
  }

 private:
  static const void* get_interface(void* context, const char* id) noexcept;
  static void write_log(void* context, cardea_log_level_t level, cardea_str_t text) noexcept;

  Library library_;
  Lookup lookup_;
  ModuleContext context_;
  cardea_host_t host_;
  void* instance_ = nullptr;
};

/// The host's own table for an interface id, null when the host has none of that id.
const void* host_interface(std::string_view id);

}  // namespace cardea::modules
