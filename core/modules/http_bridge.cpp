#include "core/modules/http_bridge.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "core/modules/contained.hpp"
#include "core/modules/text.hpp"

namespace cardea::modules {

namespace {

bool within(std::string_view path, std::string_view base) {
  return path.starts_with(base) &&
         (path.size() == base.size() || base == "/" || path[base.size()] == '/');
}

bool meant(const HttpHandler& handler, std::string_view path) {
  return handler.matches ? handler.matches(path) : within(path, handler.path);
}

constexpr const char* kAllMethods = "GET, POST, PUT, PATCH, DELETE, ";

// The headers with those of CORS behind them, in a form that can be handed on.
std::vector<cardea_http_header_t> with_cors(HttpHeaders headers, bool any_origin) {
  std::vector<cardea_http_header_t> all(headers.begin(), headers.end());
  if (any_origin) {
    all.push_back({borrow("Access-Control-Allow-Origin"), borrow("*")});
    all.push_back({borrow("Access-Control-Expose-Headers"), borrow("*")});
  }
  return all;
}

HttpHandler handler_of(const ModuleContext& module, const cardea_http_route_t& route) {
  HttpHandler handler;
  handler.method = route.method == nullptr ? "" : route.method;
  handler.path = route.path == nullptr ? "" : route.path;
  handler.any_origin = route.any_origin != 0;
  if (route.request != nullptr) {
    handler.request = [&module, route](const cardea_http_incoming_t& incoming) {
      return contained(module, "http request", false, [&] {
        route.request(route.argument, &incoming);
        return true;
      });
    };
  }
  if (route.gone != nullptr) {
    handler.gone = [&module, route](cardea_http_exchange_t exchange) {
      contained(module, "http gone", [&] { route.gone(route.argument, exchange); });
    };
  }
  return handler;
}

int route(void* context, const cardea_http_route_t* route) noexcept {
  auto& self = ModuleContext::on_control(context);
  return contained(self, "http route", -1, [&] {
    return self.services.http.add(&self, handler_of(self, *route)) ? 0 : -1;
  });
}

void respond(void* context, cardea_http_exchange_t exchange, int status,
             const cardea_http_header_t* headers, std::size_t count, cardea_str_t body) noexcept {
  auto& self = ModuleContext::on_control(context);
  contained(self, "http respond", [&] {
    self.services.http.respond(exchange, status, {headers, count}, view(body));
  });
}

int stream_begin(void* context, cardea_http_exchange_t exchange,
                 const cardea_http_header_t* headers, std::size_t count) noexcept {
  auto& self = ModuleContext::on_control(context);
  return contained(self, "http stream_begin", -1, [&] {
    return self.services.http.stream_begin(exchange, {headers, count}) ? 0 : -1;
  });
}

int stream_write(void* context, cardea_http_exchange_t exchange, cardea_str_t chunk) noexcept {
  auto& self = ModuleContext::on_control(context);
  return contained(self, "http stream_write", -1,
                   [&] { return self.services.http.stream_write(exchange, view(chunk)) ? 0 : -1; });
}

void stream_end(void* context, cardea_http_exchange_t exchange) noexcept {
  auto& self = ModuleContext::on_control(context);
  contained(self, "http stream_end", [&] { self.services.http.stream_end(exchange); });
}

constexpr cardea_http_t kHttp{sizeof(cardea_http_t), &route,        &respond,
                              &stream_begin,         &stream_write, &stream_end};

}  // namespace

bool HttpBridge::add(const void* owner, HttpHandler handler) {
  const std::string& path = handler.path;
  const bool taken = std::any_of(routes_.begin(), routes_.end(), [&](const Route& other) {
    return other.handler.path == path && other.handler.method == handler.method;
  });
  const bool odd = path.empty() || path.front() != '/' || (path.size() > 1 && path.back() == '/');
  if (odd || taken || HttpRoutes::reserved(path) || !handler.request) {
    return false;
  }
  const std::unique_lock lock(mutex_);
  routes_.push_back({owner, std::move(handler)});
  return true;
}

void HttpBridge::forget(const void* owner) {
  {
    const std::unique_lock lock(mutex_);
    std::erase_if(routes_, [&](const Route& route) { return route.owner == owner; });
  }
  std::vector<std::pair<cardea_http_exchange_t, bool>> left;
  for (const auto& [number, exchange] : exchanges_) {
    if (exchange.owner == owner) {
      left.emplace_back(number, exchange.streams);
    }
  }
  for (const auto& [number, streams] : left) {
    if (streams) {
      stream_end(number);
    } else {
      answer(exchanges_.at(number).client, http_problem(503, "Shutting down", "unavailable"));
      drop(number);
    }
  }
}

bool HttpBridge::routed(std::string_view path) const {
  const std::shared_lock lock(mutex_);
  return HttpRoutes::knows(path) ||
         std::any_of(routes_.begin(), routes_.end(),
                     [&](const Route& route) { return meant(route.handler, path); });
}

HttpBridge::Found HttpBridge::find(std::string_view method, std::string_view path) const {
  std::string_view longest;
  for (const auto& [owner, handler] : routes_) {
    if (meant(handler, path) && handler.path.size() > longest.size()) {
      longest = handler.path;
    }
  }
  Found found;
  found.known = !longest.empty();
  for (const Route& route : routes_) {
    const HttpHandler& handler = route.handler;
    if (longest.empty() || handler.path != longest) {
      continue;
    }
    if (handler.method == method || (handler.method.empty() && found.route == nullptr)) {
      found.route = &route;
    }
    found.methods += handler.method.empty() ? kAllMethods : handler.method + ", ";
    found.any_origin = found.any_origin || handler.any_origin;
  }
  found.methods += "OPTIONS";
  return found;
}

void HttpBridge::request(session::ClientId client, const HttpRequest& request) {
  const Found found = find(request.method, request.path);
  const bool own =
      HttpRoutes::reserved(request.path) || (!found.known && HttpRoutes::knows(request.path));
  if (request.admin || own) {
    answer(client, own_.answer(request));
    return;
  }
  const bool for_options = found.route != nullptr && found.route->handler.method == "OPTIONS";
  if (found.route == nullptr || (request.method == "OPTIONS" && !for_options)) {
    refuse(client, request, found);
  } else {
    hand_over(client, request, *found.route);
  }
}

// A preflight, or a method that the path does not have.
void HttpBridge::refuse(session::ClientId client, const HttpRequest& request, const Found& found) {
  const bool options = request.method == "OPTIONS";
  std::vector<cardea_http_header_t> headers{{borrow("Allow"), borrow(found.methods)}};
  const std::string wanted(request.header("access-control-request-headers"));
  if (options && found.any_origin) {
    headers.push_back({borrow("Access-Control-Allow-Methods"), borrow(found.methods)});
    headers.push_back({borrow("Access-Control-Max-Age"), borrow("86400")});
    if (!wanted.empty()) {
      headers.push_back({borrow("Access-Control-Allow-Headers"), borrow(wanted)});
    }
  }
  const HttpResponse problem = http_problem(405, "Method not allowed", "method_not_allowed");
  if (!options) {
    headers.push_back({borrow("Content-Type"), borrow(problem.content_type)});
  }
  port_.http_respond(client, options ? 204 : 405, with_cors(headers, found.any_origin),
                     options ? std::string_view() : std::string_view(problem.body));
}

void HttpBridge::hand_over(session::ClientId client, const HttpRequest& request,
                           const Route& route) {
  const cardea_http_exchange_t number = ++last_;
  // A copy: the module may add routes meanwhile.
  const HttpHandler handler = route.handler;
  exchanges_[number] = {client, route.owner, handler.gone, handler.any_origin, false};
  by_client_[client] = number;
  std::vector<cardea_http_header_t> headers;
  headers.reserve(request.headers.size());
  for (const HttpHeader& header : request.headers) {
    headers.push_back({borrow(header.name), borrow(header.value)});
  }
  const cardea_http_incoming_t incoming{sizeof incoming,
                                        number,
                                        borrow(request.method),
                                        borrow(request.path),
                                        borrow(request.query),
                                        borrow(request.body),
                                        borrow(request.remote_address),
                                        headers.data(),
                                        headers.size(),
                                        borrow(request.base_url)};
  if (!handler.request(incoming)) {
    respond(number, 500, {}, {});
  }
}

void HttpBridge::answer(session::ClientId client, const HttpResponse& response) {
  const cardea_http_header_t type{borrow("Content-Type"), borrow(response.content_type)};
  port_.http_respond(client, response.status, {&type, 1}, response.body);
}

HttpBridge::Exchange* HttpBridge::exchange(cardea_http_exchange_t number) {
  const auto found = exchanges_.find(number);
  return found == exchanges_.end() ? nullptr : &found->second;
}

void HttpBridge::drop(cardea_http_exchange_t number) {
  if (const auto found = exchanges_.find(number); found != exchanges_.end()) {
    by_client_.erase(found->second.client);
    exchanges_.erase(found);
  }
}

bool HttpBridge::closed(session::ClientId client) {
  const auto found = by_client_.find(client);
  if (found == by_client_.end()) {
    return false;
  }
  const cardea_http_exchange_t number = found->second;
  const Exchange over = exchanges_.at(number);
  drop(number);
  if (over.gone) {
    over.gone(number);
  }
  return true;
}

void HttpBridge::respond(cardea_http_exchange_t number, int status, HttpHeaders headers,
                         std::string_view body) {
  const Exchange* open = exchange(number);
  if (open != nullptr && !open->streams) {
    port_.http_respond(open->client, status, with_cors(headers, open->any_origin), body);
    drop(number);
  }
}

bool HttpBridge::stream_begin(cardea_http_exchange_t number, HttpHeaders headers) {
  Exchange* open = exchange(number);
  if (open == nullptr || open->streams) {
    return false;
  }
  open->streams = port_.http_stream_begin(open->client, with_cors(headers, open->any_origin));
  const bool begun = open->streams;
  if (!begun) {
    drop(number);
  }
  return begun;
}

bool HttpBridge::stream_write(cardea_http_exchange_t number, std::string_view chunk) {
  const Exchange* open = exchange(number);
  if (open == nullptr || !open->streams) {
    return false;
  }
  if (!port_.http_stream_write(open->client, chunk)) {
    drop(number);
    return false;
  }
  return true;
}

void HttpBridge::stream_end(cardea_http_exchange_t number) {
  const Exchange* open = exchange(number);
  if (open != nullptr && open->streams) {
    port_.http_stream_end(open->client);
    drop(number);
  }
}

const cardea_http_t& http_table() { return kHttp; }

}  // namespace cardea::modules
