// libwebsockets on one thread: upgrades, frames in and out. Everything but post() runs on the
// service thread once run() has begun.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

#include <ev.h>
#include <libwebsockets.h>

#include <cardea/sdk/transport.hpp>

#include "transports/websocket/config.hpp"
#include "transports/websocket/connection.hpp"
#include "transports/websocket/inbox.hpp"
#include "transports/websocket/listener.hpp"

namespace cardea::websocket {

class Server {
 public:
  Server(const sdk::Host& host, const sdk::TransportHost& clients, Settings settings);
  /// Tells every client 1001, waits a moment for the frames to leave, and ends the thread.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// [control] Opens the port and starts the thread.
  Result<void> start();
  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }

  /// [any]
  bool post(Order order);

 private:
  struct Entry {
    lws* wsi;
    std::unique_ptr<Connection> connection;
  };
  struct Pending {
    std::string address;
    Time since;
  };

  static int on_event(lws* wsi, lws_callback_reasons reason, void* user, void* in,
                      std::size_t size);
  static const lws_protocols* protocols();
  int handle(lws* wsi, lws_callback_reasons reason, Connection** slot, std::string_view in);

  void accepted(int fd);
  void forget(int fd);
  int established(lws* wsi, Connection** slot);
  int received(lws* wsi, Connection& connection, std::string_view piece);
  int writeable(lws* wsi, Connection& connection);
  void closed(Connection** slot);

  void end(lws* wsi, Connection& connection, Closing closing);
  void take_orders();
  void obey(Order& order);
  void tick();
  void tick_connections(Time now);
  void tick_handshakes(Time now);

  sdk::Host host_;
  sdk::TransportHost clients_;
  Settings settings_;
  Inbox inbox_;
  std::unique_ptr<struct ev_loop, decltype(&ev_loop_destroy)> loop_;
  ev_async wake_{};
  ev_timer timer_{};
  Listener listener_;
  lws_context* context_ = nullptr;
  std::unordered_map<cardea_client_t, Entry> connections_;
  // Descriptors from accept() to close(), to count per address.
  std::unordered_map<int, std::string> addresses_;
  std::unordered_map<std::string, std::size_t> per_address_;
  std::unordered_map<int, Time> handshakes_;
  cardea_client_t last_id_ = 0;
  unsigned turn_ = 0;
  bool stopping_ = false;
  Time stop_by_{};
  std::thread thread_;
};

}  // namespace cardea::websocket
