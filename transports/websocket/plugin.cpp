// The WebSocket transport: descriptor and entry points. Janus API by subprotocol janus-protocol.
#include <memory>
#include <stdexcept>
#include <string>

#include <cardea/sdk/listening.hpp>
#include <cardea/sdk/server.hpp>
#include <cardea/sdk/transport.hpp>
#include <cardea/sdk/transport_query.hpp>
#include <cardea/tls.h>
#include <cardea/websocket.h>

#include "transports/websocket/config.hpp"
#include "transports/websocket/server.hpp"

namespace cardea::websocket {

namespace {

constexpr const char* kWanted[] = {"?cardea.transport.tls", nullptr};
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
      .description = "Janus API over WebSocket (subprotocols janus-protocol, janus-admin-protocol)",
      .aliases = kAliases,
      .requires_ids = kWanted,
      .config_keys = kConfigKeys.data(),
      .config_key_count = kConfigKeys.size(),
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  WebSocketTransport(const cardea_host_t& host, const Json& config)
      : host_(host),
        clients_(host_, host_.get_interface<cardea_transport_host_t>(CARDEA_TRANSPORT_HOST)),
        tls_(host_.get_interface<cardea_tls_t>(CARDEA_TLS)) {
    auto settings = read_settings(config);
    if (!settings) {
      throw std::runtime_error(settings.error().message);
    }
    settings_ = std::move(*settings);
    const sdk::Server server(host_);
    settings_.limits = server.limits_enabled();
    settings_.origins = server.origins();
    auto trusted = sdk::AddressList::parse(server.trusted_proxies());
    if (!trusted) {
      throw std::runtime_error("[host] trusted_proxies: " + trusted.error().message);
    }
    settings_.trusted_proxies = std::move(*trusted);
  }

  const void* get_interface(std::string_view id) noexcept {
    if (id == CARDEA_WEBSOCKET_UPGRADE) {
      return &upgrade_;
    }
    return id == CARDEA_TRANSPORT ? &sdk::kTransportTable<WebSocketTransport> : nullptr;
  }

  [[nodiscard]] const sdk::Host& host() const { return host_; }

  bool start() {
    if (settings_.tls && (tls_ == nullptr || tls_->ready(tls_->instance) == 0)) {
      host_.error("[websocket] tls = yes, and there is no certificate: see [tls]");
      return false;
    }
    server_ = std::make_unique<Server>(host_, clients_, tls_, settings_);
    if (auto started = server_->start(); !started) {
      host_.error("cannot listen: " + started.error().message);
      server_.reset();
      return false;
    }
    addresses_ =
        sdk::listening_url(settings_.tls ? "wss://" : "ws://", settings_.address, server_->port());
    admin_addresses_ = sdk::listening_url("ws://", settings_.admin_address, server_->admin_port());
    return true;
  }

  [[nodiscard]] std::string_view addresses() const { return addresses_; }
  [[nodiscard]] std::string_view admin_addresses() const { return admin_addresses_; }

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
      server_->post({Order::Kind::Drain, 0, {}});
    }
  }

  [[nodiscard]] std::string query(std::string_view request) const {
    return sdk::answer_transport_query(request, server_ ? server_->open() : 0);
  }

 private:
  sdk::Host host_;
  sdk::TransportHost clients_;
  Settings settings_;
  std::unique_ptr<Server> server_;
  std::string addresses_;
  std::string admin_addresses_;
  const cardea_tls_t* tls_;
  const cardea_websocket_upgrade_t upgrade_{
      sizeof(cardea_websocket_upgrade_t), this,
      [](void* instance, int fd, cardea_str_t address, cardea_str_t ticket) {
        auto* self = static_cast<WebSocketTransport*>(instance);
        return sdk::guarded(self->host_, "adopt", -1, [&] {
          if (!self->server_) {
            return -1;
          }
          self->server_->post({Order::Kind::Adopt, 0, std::string(sdk::to_view(address)), 0, fd,
                               false, std::string(sdk::to_view(ticket))});
          return 0;
        });
      }};
};

}  // namespace

CARDEA_MODULE(WebSocketTransport);

}  // namespace cardea::websocket
