// A client connection as a session sees it; the transports' side implements it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cardea::session {

/// One WebSocket connection or one HTTP exchange of one transport.
struct ClientId {
  std::uint32_t transport = 0;
  std::uint64_t number = 0;
  friend bool operator==(const ClientId&, const ClientId&) = default;
};

struct ClientIdHash {
  std::size_t operator()(const ClientId& id) const {
    return std::hash<std::uint64_t>{}(id.number * 31 + id.transport);
  }
};

struct ClientInfo {
  std::string address;  ///< IP without port
  bool pushes =
      false;  ///< texts may be sent at any time; false: one answer per message, events are polled
  bool admin = false;  ///< came by an admin port
  /// A module of this server: it needs no secret, and its sessions neither time out nor change
  /// hands.
  bool inner = false;
};

/// What a request carries to show who sends it.
struct Credentials {
  std::string apisecret;
  std::string token;
};

/// All calls [control]; none blocks. Unknown clients are ignored.
class ClientPort {
 public:
  virtual ~ClientPort() = default;
  /// One JSON text. To a client that does not push it is the answer that ends its exchange.
  virtual void send(ClientId client, std::string_view text) = 0;
  /// Ends the connection after the texts sent before. `code` as in RFC 6455 7.4.1.
  virtual void close(ClientId client, int code, std::string_view reason) = 0;
};

}  // namespace cardea::session
