// The host side of <cardea/sockets.h>: which module a WebSocket belongs to.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <cardea/sockets.h>

#include "core/base/time.hpp"
#include "core/modules/host_services.hpp"
#include "core/rest/api.hpp"
#include "core/session/client_port.hpp"

namespace cardea::modules {

/// [control]
class SocketBridge {
 public:
  SocketBridge(rest::Api& rest, session::ClientPort& port, std::function<Time()> now)
      : rest_(rest), port_(port), now_(std::move(now)) {}

  /// See cardea_sockets_t.
  cardea_socket_t accept(const ModuleContext& owner, cardea_rest_call_t call,
                         const cardea_socket_events_t& events, void* argument);
  void send(cardea_socket_t socket, std::string_view text);
  void close(cardea_socket_t socket, int code, std::string_view reason);
  /// Its module ends: nothing reaches it any more.
  void forget(const ModuleContext* owner);

  /// What transports bring. @param ticket of accept(); one that nobody waits for is closed.
  void opened(session::ClientId client, std::string_view ticket);
  /// False: not one of the sockets here.
  bool message(session::ClientId client, std::string_view text);
  bool closed(session::ClientId client);

  [[nodiscard]] std::size_t open() const { return by_client_.size(); }

 private:
  struct Socket {
    const ModuleContext* owner = nullptr;
    const cardea_socket_events_t* events = nullptr;
    void* argument = nullptr;
    session::ClientId client{};
    bool open = false;
    Time until{};  ///< by when the handshake has to be done
  };

  void drop_late();
  void tell_closed(const Socket& socket, cardea_socket_t number) const;

  rest::Api& rest_;
  session::ClientPort& port_;
  std::function<Time()> now_;
  std::unordered_map<cardea_socket_t, Socket> sockets_;
  std::unordered_map<session::ClientId, cardea_socket_t, session::ClientIdHash> by_client_;
  cardea_socket_t last_ = 0;
};

/// What modules call.
const cardea_sockets_t& sockets_table();

}  // namespace cardea::modules
