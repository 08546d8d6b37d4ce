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

constexpr cardea_rest_host_t kRestHost{sizeof(cardea_rest_host_t), &respond, &fail};

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

rest::Api::Respond rest_answers(HttpBridge& http) {
  return [&http](cardea_http_exchange_t exchange, int status, const rest::Headers& headers,
                 std::string_view body) {
    std::vector<cardea_http_header_t> all;
    all.reserve(headers.size());
    for (const auto& [name, value] : headers) {
      all.push_back({borrow(name), borrow(value)});
    }
    http.respond(exchange, status, all, body);
  };
}

Result<void> add_rest_module(rest::Api& api, Module& module, const cardea_rest_t& table) {
  auto added = api.add(&module.context(), table, [&module, &table](const auto& request) {
    const cardea_rest_call_t call = request.call;
    const bool done = contained(module.context(), "rest call", false, [&] {
      table.call(module.instance(), &request);
      return true;
    });
    if (!done) {
      module.context().services.rest.fail(call, {500, "internal", "The module failed"});
    }
  });
  return added ? added : Error{"module " + module.library().name + ": " + added.error().message};
}

const cardea_rest_host_t& rest_host_table() { return kRestHost; }

}  // namespace cardea::modules
