// The running server: owns every part, wires them together, and ends them in order.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/base/executor.hpp"
#include "core/config/config.hpp"
#include "core/event/bus.hpp"
#include "core/host/admin_services.hpp"
#include "core/host/migrations.hpp"
#include "core/host/options.hpp"
#include "core/host/signals.hpp"
#include "core/log/log.hpp"
#include "core/media/worker_engine.hpp"
#include "core/metrics/metrics.hpp"
#include "core/modules/client_bridge.hpp"
#include "core/modules/event_bridge.hpp"
#include "core/modules/feature_bridge.hpp"
#include "core/modules/http_bridge.hpp"
#include "core/modules/module.hpp"
#include "core/modules/rest_bridge.hpp"
#include "core/modules/socket_bridge.hpp"
#include "core/modules/transport_bridge.hpp"
#include "core/net/event_loop.hpp"
#include "core/rest/api.hpp"
#include "core/session/api.hpp"

namespace cardea::host {

/// [control] The thread that makes it becomes the control thread.
class Host {
 public:
  /// @param config checked. @param share_folder holds web/. @param data_folder for all that is
  /// written.
  Host(const config::Config& config, std::string share_folder, std::string data_folder,
       log::System& logs);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Creates the modules, opens every port and prints the `ready` line. The error says what could
  /// not be had.
  Result<void> start(const std::vector<modules::Library>& libraries);
  /// Serves until a signal ends it.
  void run();
  /// In place of start() and run(): makes the modules and does what `cardea migrate` was asked for.
  /// @returns the lines to be shown.
  Result<Migrations::Lines> migrate(const std::vector<modules::Library>& libraries,
                                    const Options& options);
  /// In place of start() and run(): makes the modules and runs the command of one of them.
  /// @returns the exit code.
  Result<int> command(const std::vector<modules::Library>& libraries, const Options& options);

 private:
  // @param serving they are to be used, not only made.
  Result<void> create_modules(const std::vector<modules::Library>& libraries, bool serving);
  Result<void> create_module(const modules::Library& library);
  Result<void> connect_module(modules::Module& module);
  Result<void> connect_rest(modules::Module& module);
  [[nodiscard]] Json health(Time begun) const;
  // Tables of modules; does not touch the database while no module has any.
  Result<void> update_tables();
  // Null when no module has tables.
  Result<std::unique_ptr<Migrations>> migrations();
  const void* interface_of_required(const modules::Module& asker, std::string_view id) const;
  // What is known only when modules and ports are there: transports, and whether anybody may enter.
  void settle_session_settings(const std::string& addresses);
  void watch_loop();
  void schedule_api();
  void tell_stats_every(Duration period);
  void on_signal(int signal);
  void begin_drain();

  const config::Config& config_;
  log::System& logs_;
  log::Logger log_;
  metrics::Registry metrics_;
  net::EventLoop loop_;
  Executor executor_;
  media::WorkerEngine engine_;
  modules::TransportHub transports_;
  modules::InnerClients inner_clients_;
  event::Bus bus_;
  session::Settings session_settings_;
  session::Api api_;
  AdminServices admin_services_;
  modules::ServerFacts facts_;
  modules::HttpBridge http_;
  modules::RestAnswers rest_answers_;
  rest::Api rest_;
  modules::SocketBridge sockets_;
  modules::HostServices services_;
  std::vector<std::unique_ptr<modules::Module>> modules_;
  std::vector<std::unique_ptr<modules::FeatureBridge>> features_;
  std::vector<std::unique_ptr<modules::EventSinkBridge>> event_sinks_;
  Signals signals_;
  net::TimerId api_timer_ = 0;
  std::optional<Time> api_deadline_;
  bool draining_ = false;
  int end_signal_ = 0;  ///< that began the drain
};

}  // namespace cardea::host
