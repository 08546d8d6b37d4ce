// The Admin API: requests of clients that came by an admin port.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include <cardea/feature.h>

#include "core/session/verbs.hpp"

namespace cardea::session {

struct AdminRequest {
  /// At which path: of the server, of a session alone, of either, of a handle.
  enum class Place : std::uint8_t { Server, Session, ServerOrSession, Handle };

  const char* name;
  Place place;
  std::span<const cardea_param_t> params;  ///< checked before run()
  void (*run)(VerbCall& call);             ///< sends one answer, at once or later
  bool open = false;                       ///< needs no secret
};

// The parts of the table, each in a file of its own.
std::span<const AdminRequest> admin_settings_requests();
std::span<const AdminRequest> admin_token_requests();
std::span<const AdminRequest> admin_session_requests();
std::span<const AdminRequest> admin_module_requests();
std::span<const AdminRequest> admin_tool_requests();
std::span<const AdminRequest> admin_dump_requests();
std::span<const AdminRequest> admin_operation_requests();
/// All parts.
std::array<std::span<const AdminRequest>, 7> admin_requests();

/// Checks secret, address and parameters, and runs the request.
void run_admin(VerbCall& call, const std::string& name, const Address& address);

/// A request that is answered later: what that takes, without the request. The client may be gone
/// by then, which is no fault.
class AdminLater {
 public:
  explicit AdminLater(const VerbCall& call)
      : context_(call.context), client_(call.client), echo_(call.echo) {}
  /// Error 490.
  void fail(const std::string& text) const;
  void succeed(const Json& members) const;

 private:
  Context& context_;
  ClientId client_;
  Echo echo_;
};

/// "success" with further members at the top.
void admin_success(VerbCall& call, const Json& members = Json::object());

}  // namespace cardea::session
