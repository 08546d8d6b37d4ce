// The host side of <cardea/http.h>: which module answers which path, and the requests and streams
// that are under way.
#pragma once

#include <cstdint>
#include <functional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <cardea/http.h>

#include "core/modules/http_routes.hpp"
#include "core/session/client_port.hpp"

namespace cardea::modules {

using HttpHeaders = std::span<const cardea_http_header_t>;

/// What a module has registered, behind an exception barrier.
struct HttpHandler {
  std::string method;  ///< empty: all
  std::string path;
  bool any_origin = false;
  std::function<bool(const cardea_http_incoming_t&)> request;  ///< false: it threw
  std::function<void(cardea_http_exchange_t)> gone;            ///< may be empty
  /// [any] Whether a path is meant; empty: `path` itself and all below it.
  std::function<bool(std::string_view)> matches = {};
};

/// Where answers go: to the transport that brought the request. All calls [control].
class HttpPort {
 public:
  virtual ~HttpPort() = default;
  virtual void http_respond(session::ClientId client, int status, HttpHeaders headers,
                            std::string_view body) = 0;
  /// False when the client is gone or reads too slowly; the stream is then over.
  virtual bool http_stream_begin(session::ClientId client, HttpHeaders headers) = 0;
  virtual bool http_stream_write(session::ClientId client, std::string_view chunk) = 0;
  virtual void http_stream_end(session::ClientId client) = 0;
};

/// [control] but for routed().
class HttpBridge {
 public:
  /// @param own what the host itself answers.
  HttpBridge(HttpPort& port, HttpRoutes own) : port_(port), own_(std::move(own)) {}

  /// @param owner for forget(). @returns false when the route is malformed or taken.
  bool add(const void* owner, HttpHandler handler);
  /// Its module ends: its routes too, and what it has not answered gets a 503.
  void forget(const void* owner);

  /// [any] Whether anybody here answers the path.
  [[nodiscard]] bool routed(std::string_view path) const;

  void request(session::ClientId client, const HttpRequest& request);
  /// The exchange is over, answered or not. @returns whether it was one of those here.
  bool closed(session::ClientId client);

  // What modules call; an exchange that is over is ignored.
  void respond(cardea_http_exchange_t exchange, int status, HttpHeaders headers,
               std::string_view body);
  bool stream_begin(cardea_http_exchange_t exchange, HttpHeaders headers);
  bool stream_write(cardea_http_exchange_t exchange, std::string_view chunk);
  void stream_end(cardea_http_exchange_t exchange);

  /// Requests of modules under way, for tests and leak counts.
  [[nodiscard]] std::size_t open_exchanges() const { return exchanges_.size(); }

 private:
  struct Route {
    const void* owner = nullptr;
    HttpHandler handler;
  };
  struct Exchange {
    session::ClientId client;
    const void* owner = nullptr;
    std::function<void(cardea_http_exchange_t)> gone;
    bool any_origin = false;
    bool streams = false;
  };
  struct Found {
    const Route* route = nullptr;
    bool known = false;   ///< somebody answers the path, if not with this method
    std::string methods;  ///< that the path has, for Allow
    bool any_origin = false;
  };

  [[nodiscard]] Found find(std::string_view method, std::string_view path) const;
  void refuse(session::ClientId client, const HttpRequest& request, const Found& found);
  void hand_over(session::ClientId client, const HttpRequest& request, const Route& route);
  void answer(session::ClientId client, const HttpResponse& response);
  Exchange* exchange(cardea_http_exchange_t number);
  void drop(cardea_http_exchange_t number);

  HttpPort& port_;
  HttpRoutes own_;
  // Changed on control, read by transports too.
  mutable std::shared_mutex mutex_;
  std::vector<Route> routes_;
  std::unordered_map<cardea_http_exchange_t, Exchange> exchanges_;
  std::unordered_map<session::ClientId, cardea_http_exchange_t, session::ClientIdHash> by_client_;
  cardea_http_exchange_t last_ = 0;
};

/// What modules call.
const cardea_http_t& http_table();

}  // namespace cardea::modules
