// A module for tests of <cardea/http.h>: /module/echo tells what came, /module/stream counts what
// it is told by POST /module/push, /module/open may be called from any origin.
#include <string>
#include <vector>

#include <cardea/http.h>
#include <cardea/sdk/module.hpp>

namespace {

using cardea::Json;
using cardea::sdk::Host;
using cardea::sdk::to_str;
using cardea::sdk::to_view;

class HttpModule {
 public:
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "test.http",
      .name = "HTTP for tests",
      .version_text = "1",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "Answers a few paths",
      .aliases = nullptr,
      .requires_ids = nullptr,
      .config_keys = nullptr,
      .config_key_count = 0,
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  HttpModule(const cardea_host_t& host, const Json& /*config*/)
      : host_(host), http_(host_.get_interface<cardea_http_t>(CARDEA_HTTP)) {
    route("POST", "/module/echo", echo, nullptr, 0);
    route("GET", "/module/stream", stream, gone, 0);
    route("POST", "/module/push", push, nullptr, 0);
    route(nullptr, "/module/open", echo, nullptr, 1);
  }

  const void* get_interface(std::string_view /*id*/) noexcept { return nullptr; }

 private:
  using Request = void (*)(void*, const cardea_http_incoming_t*);

  void route(const char* method, const char* path, Request request,
             void (*left)(void*, cardea_http_exchange_t), int any_origin) {
    const cardea_http_route_t route{sizeof route, method, path, request, left, this, any_origin};
    if (http_->route(host_.context(), &route) < 0 || http_->route(host_.context(), &route) == 0) {
      host_.error(std::string("route refused, or taken twice: ") + path);
    }
  }

  void answer(const cardea_http_incoming_t* incoming, int status, const Json& body) {
    const std::vector<cardea_http_header_t> headers{
        {to_str("Content-Type"), to_str("application/json")},
        {to_str("Location"), to_str("/module/echo/1")},
        {to_str("ETag"), to_str("\"one\"")}};
    http_->respond(host_.context(), incoming->exchange, status, headers.data(), headers.size(),
                   to_str(body.dump()));
  }

  static void echo(void* argument, const cardea_http_incoming_t* incoming) {
    Json headers = Json::object();
    for (std::size_t i = 0; i < incoming->header_count; ++i) {
      headers.set(std::string(to_view(incoming->headers[i].name)).c_str(),
                  to_view(incoming->headers[i].value));
    }
    static_cast<HttpModule*>(argument)->answer(
        incoming, 201,
        Json::object({{"method", to_view(incoming->method)},
                      {"path", to_view(incoming->path)},
                      {"query", to_view(incoming->query)},
                      {"body", to_view(incoming->body)},
                      {"remote", to_view(incoming->remote_address)},
                      {"headers", headers}}));
  }

  static void stream(void* argument, const cardea_http_incoming_t* incoming) {
    auto* self = static_cast<HttpModule*>(argument);
    const cardea_http_header_t type{to_str("Content-Type"), to_str("text/event-stream")};
    if (self->http_->stream_begin(self->host_.context(), incoming->exchange, &type, 1) == 0) {
      self->streams_.push_back(incoming->exchange);
    }
  }

  static void gone(void* argument, cardea_http_exchange_t exchange) {
    auto* self = static_cast<HttpModule*>(argument);
    std::erase(self->streams_, exchange);
    ++self->gone_;
  }

  // The body goes to all streams; an empty one ends them, "?" only asks.
  static void push(void* argument, const cardea_http_incoming_t* incoming) {
    auto* self = static_cast<HttpModule*>(argument);
    const bool asks = to_view(incoming->body) == "?";
    const auto streams = asks ? std::vector<cardea_http_exchange_t>() : self->streams_;
    for (const auto exchange : streams) {
      if (incoming->body.size == 0) {
        self->http_->stream_end(self->host_.context(), exchange);
        std::erase(self->streams_, exchange);
      } else if (self->http_->stream_write(self->host_.context(), exchange, incoming->body) < 0) {
        std::erase(self->streams_, exchange);
        ++self->cut_;
      }
    }
    self->answer(
        incoming, 200,
        Json::object(
            {{"streams", self->streams_.size()}, {"gone", self->gone_}, {"cut", self->cut_}}));
  }

  Host host_;
  const cardea_http_t* http_;
  std::vector<cardea_http_exchange_t> streams_;
  std::size_t gone_ = 0;
  std::size_t cut_ = 0;
};

}  // namespace

CARDEA_MODULE(HttpModule);
