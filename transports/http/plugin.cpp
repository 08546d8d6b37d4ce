// The HTTP transport: descriptor and entry points. Janus REST with long polls, the web app's files,
// and whatever paths the host answers.
#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>

#include <strings.h>

#include <cardea/sdk/listening.hpp>
#include <cardea/sdk/server.hpp>
#include <cardea/sdk/transport.hpp>
#include <cardea/sdk/transport_query.hpp>

#include "transports/http/config.hpp"
#include "transports/http/server.hpp"

namespace cardea::http {

namespace {

constexpr const char* kAliases[] = {"janus.transport.http", nullptr};
constexpr int kClosedByServer = 490;

constexpr const char* kWanted[] = {"?cardea.transport.websocket", "?cardea.transport.tls", nullptr};

bool good_base(const std::string& path) {
  return path.size() >= 2 && path.front() == '/' && path.back() != '/';
}

// What frames the message is libmicrohttpd's business.
bool frames(std::string_view name) {
  constexpr std::array<const char*, 3> kFraming = {"Content-Length", "Transfer-Encoding",
                                                   "Connection"};
  const std::string text(name);
  return std::any_of(kFraming.begin(), kFraming.end(),
                     [&](const char* own) { return strcasecmp(own, text.c_str()) == 0; });
}

Answer answer_of(int status, sdk::HttpHeaders headers, std::string_view body) {
  Answer answer{status, {}, std::string(body)};
  for (const auto& header : headers) {
    if (!frames(sdk::to_view(header.name))) {
      answer.headers.push_back(
          {std::string(sdk::to_view(header.name)), std::string(sdk::to_view(header.value))});
    }
  }
  return answer;
}

class HttpTransport {
 public:
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "transport",
      .id = "cardea.transport.http",
      .name = "HTTP transport",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "Janus API over HTTP with long polls, and the web app's files",
      .aliases = kAliases,
      .requires_ids = kWanted,
      .config_keys = kConfigKeys.data(),
      .config_key_count = kConfigKeys.size(),
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  HttpTransport(const cardea_host_t& host, const Json& config)
      : host_(host),
        clients_(host_, host_.get_interface<cardea_transport_host_t>(CARDEA_TRANSPORT_HOST)),
        neighbours_{host_.get_interface<cardea_websocket_upgrade_t>(CARDEA_WEBSOCKET_UPGRADE),
                    host_.get_interface<cardea_tls_t>(CARDEA_TLS)} {
    auto settings = read_settings(config);
    if (!settings) {
      throw std::runtime_error(settings.error().message);
    }
    settings_ = std::move(*settings);
    ask(sdk::Server(host_));
  }

  const void* get_interface(std::string_view id) noexcept {
    return id == CARDEA_TRANSPORT ? &sdk::kTransportTable<HttpTransport> : nullptr;
  }

  [[nodiscard]] const sdk::Host& host() const { return host_; }

  bool start() {
    for (const std::string& base : {settings_.base_path, settings_.admin_base_path}) {
      if (!good_base(base)) {
        host_.error("[http] a base path must begin with a slash and end without: " + base);
        return false;
      }
    }
    server_ = std::make_unique<Server>(host_, clients_, neighbours_, settings_);
    if (auto started = server_->start(); !started) {
      host_.error("cannot listen: " + started.error().message);
      server_.reset();
      return false;
    }
    addresses_ = sdk::listening_url("http://", settings_.address, server_->port());
    if (server_->tls_port() != 0) {
      addresses_ += " " + sdk::listening_url("https://", settings_.address, server_->tls_port());
    }
    admin_addresses_ =
        sdk::listening_url("http://", settings_.admin_address, server_->admin_port());
    return true;
  }

  [[nodiscard]] std::string_view addresses() const { return addresses_; }
  [[nodiscard]] std::string_view admin_addresses() const { return admin_addresses_; }

  void send(cardea_client_t client, std::string_view text) {
    if (server_) {
      server_->answer(client, {200, "application/json", std::string(text)});
    }
  }

  void respond(cardea_client_t client, int status, sdk::HttpHeaders headers,
               std::string_view body) {
    if (server_) {
      server_->answer(client, answer_of(status, headers, body));
    }
  }
  bool stream_begin(cardea_client_t client, sdk::HttpHeaders headers) {
    return server_ && server_->stream_begin(client, answer_of(200, headers, {}));
  }
  bool stream_write(cardea_client_t client, std::string_view chunk) {
    return server_ && server_->stream_write(client, chunk);
  }
  void stream_end(cardea_client_t client) {
    if (server_) {
      server_->stream_end(client);
    }
  }

  void close(cardea_client_t client, int /*code*/, std::string_view reason) {
    if (server_) {
      server_->answer(client, janus_error(503, kClosedByServer, reason));
    }
  }

  void drain() {
    if (server_) {
      server_->drain();
    }
  }

  [[nodiscard]] std::string query(std::string_view request) const {
    return sdk::answer_transport_query(request, server_ ? server_->open() : 0);
  }

 private:
  void ask(const sdk::Server& about) {
    settings_.limits = about.limits_enabled();
    settings_.origins = about.origins();
    auto trusted = sdk::AddressList::parse(about.trusted_proxies());
    if (!trusted) {
      throw std::runtime_error("[host] trusted_proxies: " + trusted.error().message);
    }
    settings_.trusted_proxies = std::move(*trusted);
    if (settings_.web_root.empty()) {
      settings_.web_root = about.share_folder() + "/web";
    }
  }

  sdk::Host host_;
  sdk::TransportHost clients_;
  Neighbours neighbours_;
  Settings settings_;
  std::unique_ptr<Server> server_;
  std::string addresses_;
  std::string admin_addresses_;
};

}  // namespace

CARDEA_MODULE(HttpTransport);

}  // namespace cardea::http
