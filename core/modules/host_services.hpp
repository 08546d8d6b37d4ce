// What the host side of every module interface works on; made by the host, outlives all modules.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

#include "core/base/executor.hpp"
#include "core/event/bus.hpp"
#include "core/log/log.hpp"
#include "core/media/engine.hpp"
#include "core/metrics/metrics.hpp"
#include "core/net/event_loop.hpp"
#include "core/rest/api.hpp"
#include "core/session/api.hpp"

namespace cardea::modules {

class HttpBridge;
class InnerClients;
class Module;
class SocketBridge;
class TransportHub;

/// Facts about the server that modules may ask for from any thread.
class ServerFacts {
 public:
  ServerFacts(std::string share_folder, std::string data_folder, bool limits_enabled)
      : share_folder_(std::move(share_folder)),
        data_folder_(std::move(data_folder)),
        limits_enabled_(limits_enabled) {}

  [[nodiscard]] const std::string& share_folder() const { return share_folder_; }
  [[nodiscard]] const std::string& data_folder() const { return data_folder_; }
  [[nodiscard]] bool limits_enabled() const { return limits_enabled_; }
  [[nodiscard]] std::string addresses() const {
    const std::scoped_lock lock(mutex_);
    return addresses_;
  }
  /// Before any module is made. @param origins, trusted_proxies separated by spaces.
  void set_lists(std::string origins, std::string trusted_proxies) {
    origins_ = std::move(origins);
    trusted_proxies_ = std::move(trusted_proxies);
  }
  [[nodiscard]] const std::string& origins() const { return origins_; }
  [[nodiscard]] const std::string& trusted_proxies() const { return trusted_proxies_; }
  void set_addresses(std::string addresses) {
    const std::scoped_lock lock(mutex_);
    addresses_ = std::move(addresses);
  }

 private:
  std::string share_folder_, data_folder_;
  bool limits_enabled_;
  mutable std::mutex mutex_;
  std::string addresses_;
  std::string origins_;
  std::string trusted_proxies_;
};

struct HostServices {
  net::EventLoop& loop;
  Executor& executor;
  metrics::Registry& metrics;
  log::System& logs;
  session::Api& api;
  media::Engine& engine;
  event::Bus& bus;
  TransportHub& transports;
  InnerClients& inner_clients;
  ServerFacts& facts;
  HttpBridge& http;
  rest::Api& rest;
  SocketBridge& sockets;
};

/// cardea_host_t.context: one module's own view of the host.
struct ModuleContext {
  HostServices& services;
  std::string name;
  log::Logger log;
  std::thread::id control;
  Module* module = nullptr;
  std::uint32_t transport = 0;  ///< its number in the hub, when it is a transport

  /// The context behind a C call.
  static ModuleContext& of(void* context) { return *static_cast<ModuleContext*>(context); }
  /// The same for a call that must come on the control thread; a debug build stops a module that
  /// breaks the rule.
  static ModuleContext& on_control(void* context);
};

}  // namespace cardea::modules
