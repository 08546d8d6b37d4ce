// The ports and what happens to a request between its head and its answer.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>

#include <cardea/sdk/transport.hpp>
#include <cardea/tls.h>
#include <cardea/websocket.h>

#include "transports/http/config.hpp"
#include "transports/http/connection_watch.hpp"
#include "transports/http/daemon.hpp"
#include "transports/http/exchange.hpp"
#include "transports/http/front.hpp"
#include "transports/http/reply.hpp"
#include "transports/http/routes.hpp"
#include "transports/http/static_files.hpp"
#include "transports/http/upgrades.hpp"

namespace cardea::http {

/// What other modules offer; null where there is none.
struct Neighbours {
  const cardea_websocket_upgrade_t* websocket = nullptr;
  const cardea_tls_t* tls = nullptr;
};

class Server final : public DaemonListener, public FrontOwner {
 public:
  Server(const sdk::Host& host, const sdk::TransportHost& clients, const Neighbours& neighbours,
         Settings settings);
  /// Answers everything that is parked, waits a moment for the answers to leave, ends the threads.
  ~Server() override;

  /// [control]
  Result<void> start();
  void drain();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// 0 without TLS.
  [[nodiscard]] std::uint16_t tls_port() const { return tls_port_; }
  [[nodiscard]] std::uint16_t admin_port() const { return admin_.port(); }

  /// [any] Connections of all ports.
  [[nodiscard]] std::size_t open() const { return watch_.open(); }

  /// [any]
  void answer(cardea_client_t client, Answer answer) {
    if (!upgrades_.answer(client, answer)) {
      exchanges_.answer(client, std::move(answer));
    }
  }

  bool stream_begin(cardea_client_t client, Answer head) {
    return exchanges_.stream_begin(client, std::move(head));
  }
  bool stream_write(cardea_client_t client, std::string_view chunk) {
    return exchanges_.stream_write(client, chunk);
  }
  void stream_end(cardea_client_t client) { exchanges_.stream_end(client); }

  // DaemonListener
  bool accepts(const std::string& address, bool admin) override;
  void connected(MHD_Connection* connection) override;
  void disconnected(MHD_Connection* connection) override;
  void begins(Exchange& exchange) override;
  bool serve(Exchange& exchange, const char* piece, std::size_t size) override;
  void ends(Exchange& exchange) override;
  void failed(const char* what) noexcept override;

  // FrontOwner
  bool admits(const std::string& address, std::size_t waiting) override;
  void take_http(const Arrival& arrival) override;
  void take_websocket(const Arrival& arrival) override;
  void take_upgrade(const Arrival& arrival, std::string_view head) override;
  void counts(const char* event) override { clients_.count(event); }

 private:
  Result<void> start_front();
  [[nodiscard]] std::optional<Answer> check_head(const Exchange& exchange) const;
  bool take_piece(Exchange& exchange, std::string_view piece);
  [[nodiscard]] bool body_too_big(const Exchange& exchange) const;
  [[nodiscard]] bool speaks_janus(const Exchange& exchange) const;
  [[nodiscard]] std::optional<Answer> check_client(const Exchange& exchange) const;
  /// Which pages may read an answer of the Janus API, as reply() takes it.
  [[nodiscard]] std::string readers(const Exchange& exchange) const;
  /// The client's address, looking through trusted proxies.
  [[nodiscard]] std::string client_of(const Exchange& exchange) const;
  [[nodiscard]] std::string_view base_path(const Exchange& exchange) const;

  bool dispatch(Exchange& exchange);
  bool handle(Exchange& exchange, const JanusMessage& route);
  bool handle(Exchange& exchange, const JanusInfo& route);
  bool handle(Exchange& exchange, const JanusPoll& route);
  bool handle(Exchange& exchange, const Preflight& route);
  bool handle(Exchange& exchange, const JanusError& route);
  bool handle(Exchange& exchange, const ClientSettings& route);
  bool handle(Exchange& exchange, const Other& route);
  bool handle(Exchange& exchange, const BadTarget& route);
  bool pass_request(Exchange& exchange, const std::string& path);
  bool send_file(Exchange& exchange);
  bool send_stream(Exchange& exchange);
  bool pass_message(Exchange& exchange, std::uint64_t session, std::uint64_t handle,
                    std::string_view text);
  void busy(cardea_client_t client);
  [[nodiscard]] bool came_by_tls(const Exchange& exchange) const;
  [[nodiscard]] bool names_this_host(const Exchange& exchange) const;
  [[nodiscard]] std::string websocket_url(Exchange& exchange) const;

  void watch_clocks();

  sdk::Host host_;
  sdk::TransportHost clients_;
  Neighbours neighbours_;
  Settings settings_;
  StaticFiles files_;
  Replies replies_;
  ConnectionWatch watch_;
  ExchangeTable exchanges_;
  Upgrades upgrades_;
  std::mutex secure_mutex_;
  std::unordered_set<int> secure_;  ///< descriptors that came by TLS, until connected()
  std::uint16_t port_ = 0;
  std::uint16_t tls_port_ = 0;
  Daemon public_;
  Daemon admin_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread clock_;
  Front front_;
};

}  // namespace cardea::http
