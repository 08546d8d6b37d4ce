// Admin API: the log, the network around the server, and the media threads.
#include <array>

#include <cardea/sdk/operation.hpp>

#include "core/session/admin.hpp"
#include "core/session/errors.hpp"

namespace cardea::session {
namespace {

using Place = AdminRequest::Place;
namespace param = sdk::param;

constexpr std::int64_t kMaxName = 253;  // RFC 1035 2.3.4
constexpr std::int64_t kMaxPort = 65'535;
constexpr int kDefaultLogLevel = 4;

constexpr cardea_param_t kAddressParam = param::required(param::text("address", kMaxName));
constexpr std::array kAddress{kAddressParam};
constexpr std::array kStun{kAddressParam, param::required(param::integer("port", 0, kMaxPort)),
                           param::integer("localport", 0, kMaxPort)};
constexpr std::array kLogLine{param::required(param::text("line", 4096)),
                              param::make("level", CARDEA_PARAM_INT, 0, 0, {}, "Janus's, 0 to 7")};

AdminPort* port_of(VerbCall& call) {
  AdminPort* port = call.context.admin.port;
  if (port == nullptr) {
    refuse(call, {"Not available in this server", kErrorUnknown});
  }
  return port;
}

void custom_logline(VerbCall& call) {
  AdminPort* port = port_of(call);
  if (port != nullptr) {
    port->log_line(static_cast<int>(call.message["level"].as_int(kDefaultLogLevel)),
                   call.message["line"].as_text());
    admin_success(call);
  }
}

void resolve_address(VerbCall& call) {
  AdminPort* port = port_of(call);
  if (port == nullptr) {
    return;
  }
  port->resolve(
      call.message["address"].text_or(), [later = AdminLater(call)](const Result<LookedUp>& found) {
        if (!found) {
          later.fail(found.error().message);
          return;
        }
        later.succeed(
            Json::object({{"ip", found->ip}, {"elapsed", static_cast<long>(found->took.count())}}));
      });
}

void test_stun(VerbCall& call) {
  AdminPort* port = port_of(call);
  if (port == nullptr) {
    return;
  }
  const StunQuestion question{call.message["address"].text_or(),
                              static_cast<std::uint16_t>(call.message["port"].as_int()),
                              static_cast<std::uint16_t>(call.message["localport"].as_int())};
  port->ask_stun(question, [later = AdminLater(call)](const Result<LookedUp>& found) {
    if (!found) {
      later.fail(found.error().message);
      return;
    }
    later.succeed(Json::object({{"public_ip", found->ip},
                                {"public_port", static_cast<int>(found->port)},
                                {"elapsed", static_cast<long>(found->took.count())}}));
  });
}

void loops_info(VerbCall& call) {
  call.context.engine.query_workers(
      [later = AdminLater(call)](const std::vector<media::WorkerStats>& workers) {
        Json loops = Json::array();
        for (const media::WorkerStats& worker : workers) {
          loops.push(Json::object(
              {{"id", worker.id}, {"handles", static_cast<unsigned long>(worker.peers)}}));
        }
        later.succeed(Json::object({{"loops", loops}}));
      });
}

constexpr std::array kRequests{
    AdminRequest{"custom_logline", Place::Server, kLogLine, custom_logline},
    AdminRequest{"loops_info", Place::Server, {}, loops_info},
    AdminRequest{"resolve_address", Place::Server, kAddress, resolve_address},
    AdminRequest{"test_stun", Place::Server, kStun, test_stun},
};

}  // namespace

std::span<const AdminRequest> admin_tool_requests() { return kRequests; }

}  // namespace cardea::session
