// The WebSocket transport: descriptor and entry points. Janus API by subprotocol janus-protocol.
#include <memory>
#include <string>

#include <cardea/sdk/transport.hpp>
#include <cardea/server.h>

#include "transports/websocket/config.hpp"
#include "transports/websocket/server.hpp"

namespace cardea::websocket {

namespace {

constexpr const char* kAliases[] = {"janus.transport.websockets", nullptr};

class WebSocketTransport : public sdk::NoHttp {
 public:
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "transport",
      .id = "cardea.transport.websocket",
      .name = "WebSocket transport",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "Janus API over WebSocket (subprotocol janus-protocol)",
      .aliases = kAliases,
      .requires_ids = nullptr,
      .config_keys = kConfigKeys.data(),
      .config_key_count = kConfigKeys.size(),
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  WebSocketTransport(const cardea_host_t& host, const Json& config)
      : host_(host),
        clients_(host_, host_.get_interface<cardea_transport_host_t>(CARDEA_TRANSPORT_HOST)),
        settings_(read_settings(config)) {
    if (const auto* server = host_.get_interface<cardea_server_t>(CARDEA_SERVER)) {
      settings_.limits = server->limits_enabled(host_.context()) != 0;
    }
  }

  const void* get_interface(std::string_view id) noexcept {
    return id == CARDEA_TRANSPORT ? &sdk::kTransportTable<WebSocketTransport> : nullptr;
  }

  [[nodiscard]] const sdk::Host& host() const { return host_; }

  bool start() {
    server_ = std::make_unique<Server>(host_, clients_, settings_);
    if (auto started = server_->start(); !started) {
      host_.error("cannot listen: " + started.error().message);
      server_.reset();
      return false;
    }
    const bool v6 = settings_.address.find(':') != std::string::npos;
    addresses_ = "ws://" + (v6 ? "[" + settings_.address + "]" : settings_.address) + ":" +
                 std::to_string(server_->port());
    return true;
  }

  [[nodiscard]] std::string_view addresses() const { return addresses_; }

  void send(cardea_client_t client, std::string_view text) {
    if (server_) {
      server_->send(client, text);
    }
  }

  void close(cardea_client_t client, int code, std::string_view reason) {
    if (server_) {
      server_->post({Order::Kind::Close, client, std::string(reason), code});
    }
  }

  void drain() {
    if (server_) {
      server_->post({Order::Kind::Drain, 0, {}, 0});
    }
  }

 private:
  sdk::Host host_;
  sdk::TransportHost clients_;
  Settings settings_;
  std::unique_ptr<Server> server_;
  std::string addresses_;
};

}  // namespace

CARDEA_MODULE(WebSocketTransport);

}  // namespace cardea::websocket
