// What the Admin API reaches around the sessions: the log's levels, transports, the network.
#pragma once

#include <map>
#include <string>

#include "core/base/executor.hpp"
#include "core/log/log.hpp"
#include "core/modules/transport_bridge.hpp"
#include "core/session/admin_port.hpp"

namespace cardea::host {

class AdminServices final : public session::AdminPort {
 public:
  /// @param levels as configured: "info,media=debug". The others outlive this.
  AdminServices(log::System& logs, const std::string& levels, Executor& executor,
                modules::TransportHub& transports);

  Result<void> set_log_level(int level, const std::string& area) override;
  [[nodiscard]] int log_level() const override { return level_; }
  [[nodiscard]] Json log_areas() const override;
  void log_line(int level, std::string_view line) override;
  Result<Json> query_transport(const std::string& name, const Json& request) override;
  void resolve(const std::string& host,
               std::function<void(Result<session::LookedUp>)> done) override;
  void ask_stun(const session::StunQuestion& question,
                std::function<void(Result<session::LookedUp>)> done) override;

 private:
  using Answer = std::function<void(Result<session::LookedUp>)>;

  void run(std::function<Result<session::LookedUp>()> work, const Answer& done);

  log::System& logs_;
  log::Logger custom_;
  Executor& executor_;
  modules::TransportHub& transports_;
  int level_ = 4;
  std::map<std::string, int> areas_;
};

}  // namespace cardea::host
