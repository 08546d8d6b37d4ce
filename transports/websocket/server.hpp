// libwebsockets on one thread: upgrades, frames in and out. Everything but post() runs on the
// service thread once run() has begun.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

#include <ev.h>
#include <libwebsockets.h>

#include <cardea/sdk/transport.hpp>
#include <cardea/tls.h>

#include "transports/websocket/config.hpp"
#include "transports/websocket/connection.hpp"
#include "transports/websocket/inbox.hpp"
#include "transports/websocket/listener.hpp"

namespace cardea::websocket {

inline constexpr const char* kProtocol = "janus-protocol";
inline constexpr const char* kAdminProtocol = "janus-admin-protocol";

class Server {
 public:
  /// @param tls the terminator, null without one.
  Server(const sdk::Host& host, const sdk::TransportHost& clients, const cardea_tls_t* tls,
         Settings settings);
  /// Tells every client 1001, waits a moment for the frames to leave, and ends the thread.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// [control] Opens the port and starts the thread.
  Result<void> start();
  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
  [[nodiscard]] std::uint16_t admin_port() const { return admin_listener_.port(); }

  /// [any] Open connections of both ports.
  [[nodiscard]] std::size_t open() const { return open_; }

  /// [any]
  void send(cardea_client_t client, std::string_view text);
  void post(Order order);

 private:
  struct Entry {
    lws* wsi = nullptr;
    std::unique_ptr<Connection> connection;
  };
  /// A TCP connection from accept() to its end.
  struct Tcp {
    int fd = -1;
    std::string address;
    bool admin = false;
    bool counted = true;                  ///< in per_address_; a trusted proxy is not
    std::optional<Time> handshake_since;  ///< empty once upgraded
    std::string ticket = {};              ///< of a module's socket: the host has judged it already
  };

  // What the TLS service calls back may come when the server is gone.
  struct Gate {
    std::mutex mutex;
    Server* server = nullptr;
  };

  static int on_event(lws* wsi, lws_callback_reasons reason, void* user, void* in,
                      std::size_t size);
  static const lws_protocols* protocols();
  int handle(lws* wsi, lws_callback_reasons reason, Connection** slot, std::string_view in);

  void accepted(int fd, bool admin);
  void adopt(int fd, std::string address, bool admin, std::string ticket = {});
  [[nodiscard]] const char* refusal(const std::string& address, bool admin) const;
  void terminate(int fd, const std::string& address);
  bool welcome(lws* wsi);
  void forget(const lws* wsi);
  void count_address(const std::string& address);
  void uncount_address(const std::string& address);
  int established(lws* wsi, Connection** slot);
  int received(lws* wsi, Connection& connection, std::string_view piece);
  int writeable(lws* wsi, Connection& connection);
  void send_close(lws* wsi, Connection& connection);
  void closed(Connection** slot);

  void end(lws* wsi, Connection& connection, Closing closing);
  void end_slow(lws* wsi, Connection& connection);
  void take_orders();
  void obey(Order& order);
  void take_over(Order& order);
  void tick();
  void tick_listener();
  void tick_handshakes(Time now);
  void tick_connection(const Entry& entry, Time now);

  sdk::Host host_;
  sdk::TransportHost clients_;
  Settings settings_;
  Inbox inbox_;
  std::unique_ptr<struct ev_loop, decltype(&ev_loop_destroy)> loop_;
  ev_async wake_{};
  ev_timer timer_{};
  const cardea_tls_t* tls_;
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  Listener listener_;
  Listener admin_listener_;
  lws_context* context_ = nullptr;
  std::unordered_map<cardea_client_t, Entry> connections_;
  std::atomic<std::size_t> open_ = 0;  // their number, for other threads
  // By wsi, because lws has forgotten the descriptor when it tells of the end.
  std::unordered_map<const lws*, Tcp> tcp_;
  std::unordered_map<std::string, std::size_t> per_address_;
  std::size_t handshakes_ = 0;  ///< at the TLS service, counted in per_address_ too
  cardea_client_t last_id_ = 0;
  std::size_t slice_ = 0;
  unsigned turn_ = 0;
  bool stopping_ = false;
  Time stop_by_{};
  std::thread thread_;
};

}  // namespace cardea::websocket
