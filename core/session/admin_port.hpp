// What the Admin API needs of the server around the sessions; the host implements it, tests with
// fakes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

#include "core/base/time.hpp"

namespace cardea::session {

/// The answer of a name or STUN server, and how long it took.
struct LookedUp {
  std::string ip;
  std::uint16_t port = 0;  ///< STUN only
  Duration took{};
};

struct StunQuestion {
  std::string host;
  std::uint16_t port = 0;
  std::uint16_t local_port = 0;  ///< 0: any
};

/// All calls [control]; none blocks. A `done` comes later on [control].
class AdminPort {
 public:
  virtual ~AdminPort() = default;
  /// @param level Janus's, 0 none ... 7 all. @param area empty: all that have none of their own.
  virtual Result<void> set_log_level(int level, const std::string& area) = 0;
  [[nodiscard]] virtual int log_level() const = 0;
  /// Levels of single areas, as they were set.
  [[nodiscard]] virtual Json log_areas() const = 0;
  /// A line of somebody else's in our log.
  virtual void log_line(int level, std::string_view line) = 0;

  /// The answer of a transport, named by its id or alias. Error 460: there is none of that name.
  virtual Result<Json> query_transport(const std::string& name, const Json& request) = 0;

  virtual void resolve(const std::string& host, std::function<void(Result<LookedUp>)> done) = 0;
  virtual void ask_stun(const StunQuestion& question,
                        std::function<void(Result<LookedUp>)> done) = 0;
};

}  // namespace cardea::session
