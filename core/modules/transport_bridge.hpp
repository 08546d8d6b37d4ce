// Both sides of <cardea/transport.h>: what transports bring goes through one bounded mailbox to the
// control thread, and what the session layer sends goes to the transport that the client came by.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <variant>
#include <vector>

#include <cardea/transport.h>

#include "core/base/mailbox.hpp"
#include "core/metrics/metrics.hpp"
#include "core/modules/http_bridge.hpp"
#include "core/modules/module.hpp"
#include "core/session/api.hpp"
#include "core/session/client_port.hpp"

namespace cardea::modules {

/// A transport's message on its way to the control thread.
struct TransportInput {
  struct Opened {
    session::ClientInfo info;
    std::string ticket;  ///< of a module's socket; empty: a client of the Janus API
  };
  struct Message {
    std::uint64_t session = 0;
    std::uint64_t handle = 0;
    std::string text;
  };
  struct Poll {
    std::uint64_t session = 0;
    std::uint32_t max_events = 1;
    session::Credentials credentials;
  };
  struct Closed {};
  struct Http {
    HttpRequest request;
  };

  session::ClientId client;
  std::variant<Opened, Message, Poll, Closed, Http> what;
  std::size_t bytes = 0;
};

class SocketBridge;

class TransportHub final : public session::ClientPort, public HttpPort {
 public:
  explicit TransportHub(metrics::Registry& metrics);

  /// [control] A running transport. Its number in ModuleContext::transport is its place here.
  void add(Module& module, const cardea_transport_t& table);
  [[nodiscard]] std::uint32_t count() const {
    return static_cast<std::uint32_t>(transports_.size());
  }

  /// [control] The module is about to end: nothing reaches it any more.
  void forget(const Module& module);
  /// [control] Opens the ports of all transports; the error names the first that could not.
  Result<void> start();
  /// [control] Where all listen, separated by spaces.
  [[nodiscard]] std::string addresses() const;
  /// [control] Where the Admin API can be reached, separated by spaces.
  [[nodiscard]] std::string admin_addresses() const;
  /// [control] The answer of a transport, named by id or alias. Error 460: there is none.
  Result<Json> query(std::string_view name, const Json& request) const;
  /// [control] No new connections from now on.
  void drain();

  /// [control] Clients that were opened and are not closed yet.
  [[nodiscard]] std::size_t open_clients() const { return open_clients_.size(); }

  /// Readable when dispatch() has something to do.
  [[nodiscard]] int fd() const { return inbox_.fd(); }
  /// [control] Hands what arrived to the session layer and to the HTTP routes.
  void dispatch(session::Api& api, HttpBridge& http, SocketBridge& sockets);

  /// [control] Who gets what is sent to clients that came by no transport.
  void set_inner(session::ClientPort& inner) { inner_ = &inner; }

  // [control] session::ClientPort
  void send(session::ClientId client, std::string_view text) override;
  void close(session::ClientId client, int code, std::string_view reason) override;

  // [control] HttpPort
  void http_respond(session::ClientId client, int status, HttpHeaders headers,
                    std::string_view body) override;
  bool http_stream_begin(session::ClientId client, HttpHeaders headers) override;
  bool http_stream_write(session::ClientId client, std::string_view chunk) override;
  void http_stream_end(session::ClientId client) override;

  /// [any] False when the bound on waiting messages or bytes is reached.
  bool post(TransportInput input);
  /// [any]
  void count_event(const std::string& module, const char* event);

 private:
  struct Transport {
    Module* module = nullptr;  ///< null once it has ended
    const cardea_transport_t* table = nullptr;
  };

  [[nodiscard]] std::string joined(cardea_str_t (*cardea_transport_t::*function)(void*)) const;
  [[nodiscard]] const Transport* find(session::ClientId client) const;

  metrics::Registry& metrics_;
  metrics::Counter refused_;
  std::vector<Transport> transports_;
  session::ClientPort* inner_ = nullptr;
  // A set, not a count: a transport may close a client that never got in.
  std::unordered_set<session::ClientId, session::ClientIdHash> open_clients_;
  Mailbox<TransportInput> inbox_;
  std::atomic<std::size_t> waiting_bytes_{0};
};

/// What transport modules call.
const cardea_transport_host_t& transport_host_table();

}  // namespace cardea::modules
