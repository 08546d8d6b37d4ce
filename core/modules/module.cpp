#include "core/modules/module.hpp"

#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>

#include <unistd.h>

#include "core/modules/client_bridge.hpp"
#include "core/modules/contained.hpp"
#include "core/modules/event_bridge.hpp"
#include "core/modules/feature_bridge.hpp"
#include "core/modules/http_bridge.hpp"
#include "core/modules/media_bridge.hpp"
#include "core/modules/rest_bridge.hpp"
#include "core/modules/server_bridge.hpp"
#include "core/modules/socket_bridge.hpp"
#include "core/modules/text.hpp"
#include "core/modules/tokens_bridge.hpp"
#include "core/modules/transport_bridge.hpp"

namespace cardea::modules {

namespace {

constexpr auto kCreateDeadline = std::chrono::seconds(10);

// Ends the process when a module's create() hangs.
class Deadline {
 public:
  explicit Deadline(ModuleContext& context)
      : thread_([this, &context] {
          std::unique_lock lock(mutex_);
          if (!wake_.wait_for(lock, kCreateDeadline, [this] { return done_; })) {
            context.log.error("module {}: create() did not return within 10 s", context.name);
            _exit(2);
          }
        }) {}
  ~Deadline() {
    {
      const std::scoped_lock lock(mutex_);
      done_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

log::Level level_of(cardea_log_level_t level) {
  switch (level) {
    case CARDEA_LOG_DEBUG:
      return log::Level::Debug;
    case CARDEA_LOG_WARN:
      return log::Level::Warn;
    case CARDEA_LOG_ERROR:
      return log::Level::Error;
    default:
      return log::Level::Info;
  }
}

}  // namespace

ModuleContext& ModuleContext::on_control(void* context) {
  auto& self = of(context);
  assert(self.control == std::this_thread::get_id() && "a [control] function called elsewhere");
  return self;
}

Module::Module(Library library, HostServices& services, std::uint32_t transport_number,
               Lookup lookup)
    : library_(std::move(library)),
      lookup_(std::move(lookup)),
      context_{
          services, library_.name,   services.logs.get(library_.name), std::this_thread::get_id(),
          this,     transport_number},
      host_{sizeof host_, &context_, &Module::get_interface, &Module::write_log} {}

Module::~Module() {
  context_.services.sockets.forget(&context_);
  context_.services.rest.forget(&context_);
  context_.services.http.forget(&context_);
  context_.services.transports.forget(*this);
  if (instance_ != nullptr) {
    info().destroy(instance_);
  }
  context_.services.inner_clients.forget(&context_);
}

Result<void> Module::create(const std::string& config_json) {
  const Deadline deadline(context_);
  instance_ = contained<void*>(context_, "create", nullptr,
                               [&] { return info().create(&host_, borrow(config_json)); });
  if (instance_ == nullptr) {
    return Error{library_.path + ": refused to start, see the log above"};
  }
  return {};
}

const void* Module::get_interface(void* context, const char* id) noexcept {
  const Module& self = *ModuleContext::of(context).module;
  const void* own = host_interface(id);
  return own != nullptr ? own : self.lookup_(self, id);
}

void Module::write_log(void* context, cardea_log_level_t level, cardea_str_t text) noexcept {
  ModuleContext::of(context).log.write(level_of(level), view(text));
}

const void* host_interface(std::string_view id) {
  if (id == CARDEA_FEATURE_HOST) {
    return &feature_host_table();
  }
  if (id == CARDEA_MEDIA) {
    return &media_table();
  }
  if (id == CARDEA_TRANSPORT_HOST) {
    return &transport_host_table();
  }
  if (id == CARDEA_HTTP) {
    return &http_table();
  }
  if (id == CARDEA_REST_HOST) {
    return &rest_host_table();
  }
  if (id == CARDEA_SOCKETS) {
    return &sockets_table();
  }
  if (id == CARDEA_SERVER) {
    return &server_table();
  }
  if (id == CARDEA_CLIENT) {
    return &client_host_table();
  }
  if (id == CARDEA_TOKENS) {
    return &tokens_table();
  }
  if (id == CARDEA_EXECUTOR) {
    return &executor_table();
  }
  if (id == CARDEA_EVENTS) {
    return &events_table();
  }
  return nullptr;
}

}  // namespace cardea::modules
