// Everything that the verbs and the features' calls work on, in one place; Api owns it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cardea/identity.h>

#include "core/event/bus.hpp"
#include "core/log/log.hpp"
#include "core/media/engine.hpp"
#include "core/session/admin_state.hpp"
#include "core/session/client_port.hpp"
#include "core/session/client_table.hpp"
#include "core/session/counters.hpp"
#include "core/session/feature_table.hpp"
#include "core/session/guard.hpp"
#include "core/session/request_table.hpp"
#include "core/session/session_table.hpp"
#include "core/session/settings.hpp"
#include "core/session/token_store.hpp"

namespace cardea::session {

struct Context {
  Context(Settings chosen, ClientPort& client_port, media::Engine& media_engine,
          event::Bus& event_bus, log::Logger area_logger, metrics::Registry& registry,
          std::function<Time()> time)
      : settings(std::move(chosen)),
        port(client_port),
        engine(media_engine),
        bus(event_bus),
        logger(std::move(area_logger)),
        counters(registry),
        clock(std::move(time)),
        guard(settings.janus_open) {}

  /// An event for a session's client. Leaves at the end of the turn.
  void post(std::uint64_t session, std::string text) {
    counters.event();
    events.emplace_back(session, std::move(text));
  }

  Settings settings;
  ClientPort& port;
  media::Engine& engine;
  event::Bus& bus;
  log::Logger logger;
  Counters counters;
  std::function<Time()> clock;
  Guard guard;
  const cardea_identity_t* identity = nullptr;  ///< null: nobody has an account
  Admission admission;                          ///< empty: nothing belongs to anybody
  ClientTable clients;
  FeatureTable features;
  SessionTable sessions;
  RequestTable requests;
  TokenStore tokens;
  AdminState admin;
  bool draining = false;  ///< shutdown() was called

  // Of the turn that is under way.
  int depth = 0;
  std::vector<std::pair<std::uint64_t, std::string>> events;  ///< session and text, in order
  std::vector<std::pair<HandleId, std::string>> downs;        ///< peers that features hung up
};

/// One call from outside, from its start until all that it led to is done: answers leave at once,
/// events at the end. So an ack is always before the events made inside the feature's call. Nests:
/// only the outermost one sends.
class Turn {
 public:
  enum class Scope : std::uint8_t {
    Full,
    /// A feature is calling, perhaps from a timer of its own: it must not be called back here.
    Downcall,
  };
  explicit Turn(Context& context, Scope scope = Scope::Full) : context_(context), scope_(scope) {
    ++context_.depth;
  }
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  Context& context_;
  Scope scope_;
};

}  // namespace cardea::session
