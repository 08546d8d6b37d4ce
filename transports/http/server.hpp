// The two ports and what happens to a request between its head and its answer.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <cardea/sdk/transport.hpp>
#include <cardea/server.h>

#include "transports/http/config.hpp"
#include "transports/http/connection_watch.hpp"
#include "transports/http/daemon.hpp"
#include "transports/http/exchange.hpp"
#include "transports/http/reply.hpp"
#include "transports/http/routes.hpp"
#include "transports/http/static_files.hpp"

namespace cardea::http {

class Server final : public DaemonListener {
 public:
  /// @param about the host's account of itself, or null.
  Server(const sdk::Host& host, const sdk::TransportHost& clients, const cardea_server_t* about,
         Settings settings);
  /// Answers everything that is parked, waits a moment for the answers to leave, ends the threads.
  ~Server() override;

  /// [control]
  Result<void> start();
  void drain();
  [[nodiscard]] std::uint16_t port() const { return public_.port(); }
  [[nodiscard]] std::uint16_t admin_port() const { return admin_.port(); }

  /// [any]
  void answer(cardea_client_t client, Answer answer) {
    exchanges_.answer(client, std::move(answer));
  }

  bool stream_begin(cardea_client_t client, Answer head) {
    return exchanges_.stream_begin(client, std::move(head));
  }
  bool stream_write(cardea_client_t client, std::string_view chunk) {
    return exchanges_.stream_write(client, chunk);
  }
  void stream_end(cardea_client_t client) { exchanges_.stream_end(client); }

  // DaemonListener
  bool admits(const std::string& address) override;
  void connected(MHD_Connection* connection) override;
  void disconnected(MHD_Connection* connection) override;
  void begins(Exchange& exchange) override;
  bool serve(Exchange& exchange, const char* piece, std::size_t size) override;
  void ends(Exchange& exchange) override;
  void failed(const char* what) noexcept override;

 private:
  [[nodiscard]] std::optional<Answer> check_head(const Exchange& exchange) const;
  bool take_piece(Exchange& exchange, std::string_view piece);
  [[nodiscard]] bool body_too_big(const Exchange& exchange) const;
  [[nodiscard]] Audience audience(const Exchange& exchange) const;
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
  [[nodiscard]] std::string websocket_url(Exchange& exchange) const;

  void watch_clocks();

  sdk::Host host_;
  sdk::TransportHost clients_;
  const cardea_server_t* about_;
  Settings settings_;
  StaticFiles files_;
  ConnectionWatch watch_;
  ExchangeTable exchanges_;
  Daemon public_;
  Daemon admin_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread clock_;
};

}  // namespace cardea::http
