#include "core/modules/rest_bridge.hpp"

#include <string>

#include "core/modules/contained.hpp"
#include "core/modules/text.hpp"
#include "core/session/operation.hpp"

namespace cardea::modules {

namespace {

rest::Headers copied(const cardea_http_header_t* headers, std::size_t count) {
  rest::Headers out;
  for (std::size_t i = 0; i < count; ++i) {
    out.emplace_back(view(headers[i].name), view(headers[i].value));
  }
  return out;
}

void respond(void* context, cardea_rest_call_t call, int status,
             const cardea_http_header_t* headers, std::size_t count, cardea_str_t body) noexcept {
  auto& self = ModuleContext::on_control(context);
  contained(self, "rest respond",
            [&] { self.services.rest.respond(call, status, copied(headers, count), view(body)); });
}

void fail(void* context, cardea_rest_call_t call, int status, cardea_str_t code,
          cardea_str_t detail, cardea_str_t more, const cardea_http_header_t* headers,
          std::size_t count) noexcept {
  auto& self = ModuleContext::on_control(context);
  contained(self, "rest fail", [&] {
    const Json members = more.size == 0 ? Json() : session::feature_json(view(more));
    self.services.rest.fail(call, {status, std::string(view(code)), std::string(view(detail))},
                            members, copied(headers, count));
  });
}

int stream_begin(void* context, cardea_rest_call_t call, const cardea_http_header_t* headers,
                 std::size_t count) noexcept {
  auto& self = ModuleContext::on_control(context);
  return contained(self, "rest stream_begin", -1, [&] {
    return self.services.rest.stream_begin(call, copied(headers, count)) ? 0 : -1;
  });
}

int stream_write(void* context, cardea_rest_call_t call, cardea_str_t chunk) noexcept {
  auto& self = ModuleContext::on_control(context);
  return contained(self, "rest stream_write", -1,
                   [&] { return self.services.rest.stream_write(call, view(chunk)) ? 0 : -1; });
}

void stream_end(void* context, cardea_rest_call_t call) noexcept {
  auto& self = ModuleContext::on_control(context);
  contained(self, "rest stream_end", [&] { self.services.rest.stream_end(call); });
}

constexpr cardea_rest_host_t kRestHost{
    sizeof(cardea_rest_host_t), &respond, &fail, &stream_begin, &stream_write, &stream_end};

std::vector<cardea_http_header_t> borrowed(const rest::Headers& headers) {
  std::vector<cardea_http_header_t> out;
  out.reserve(headers.size());
  for (const auto& [name, value] : headers) {
    out.push_back({borrow(name), borrow(value)});
  }
  return out;
}

}  // namespace

void serve_rest(HttpBridge& http, rest::Api& api) {
  HttpHandler handler;
  handler.path = rest::kBase;
  handler.matches = [&api](std::string_view path) { return api.catalog().matches(path); };
  handler.request = [&api](const cardea_http_incoming_t& incoming) {
    api.request(incoming);
    return true;
  };
  handler.gone = [&api](cardea_http_exchange_t exchange) { api.gone(exchange); };
  static_cast<void>(http.add(&api, handler));
  handler.method = "OPTIONS";
  static_cast<void>(http.add(&api, handler));
}

void RestAnswers::respond(cardea_http_exchange_t exchange, int status, const rest::Headers& headers,
                          std::string_view body) {
  http_.respond(exchange, status, borrowed(headers), body);
}

bool RestAnswers::stream_begin(cardea_http_exchange_t exchange, const rest::Headers& headers) {
  return http_.stream_begin(exchange, borrowed(headers));
}

bool RestAnswers::stream_write(cardea_http_exchange_t exchange, std::string_view chunk) {
  return http_.stream_write(exchange, chunk);
}

void RestAnswers::stream_end(cardea_http_exchange_t exchange) { http_.stream_end(exchange); }

Result<void> add_rest_module(rest::Api& api, Module& module, const cardea_rest_t& table) {
  rest::Handler handler;
  handler.call = [&module, &table](const cardea_rest_request_t& request) {
    const cardea_rest_call_t call = request.call;
    const bool done = contained(module.context(), "rest call", false, [&] {
      table.call(module.instance(), &request);
      return true;
    });
    if (!done) {
      module.context().services.rest.fail(call, {500, "internal", "The module failed"});
    }
  };
  if (table.gone != nullptr) {
    handler.gone = [&module, &table](cardea_rest_call_t call) {
      contained(module.context(), "rest gone", [&] { table.gone(module.instance(), call); });
    };
  }
  auto added = api.add(&module.context(), table, std::move(handler));
  return added ? added : Error{"module " + module.library().name + ": " + added.error().message};
}

const cardea_rest_host_t& rest_host_table() { return kRestHost; }

}  // namespace cardea::modules
