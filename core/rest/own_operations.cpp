#include "core/rest/own_operations.hpp"

#include <array>
#include <chrono>
#include <string_view>

#include <cardea/sdk/operation.hpp>

#include "core/rest/openapi.hpp"

namespace cardea::rest {

namespace {

namespace param = sdk::param;

constexpr std::array kHealth{
    param::required(param::text("status", 16, "healthy or degraded")),
    param::required(param::text("version", 32)),
    param::required(param::text("database", 16, "up, down or none")),
    param::required(param::text("bus", 16, "up, down or none")),
    param::required(param::integer("websocket_connections", 0, param::kLargestInt)),
    param::required(param::integer("janus_sessions", 0, param::kLargestInt)),
    param::required(param::integer("uptime_seconds", 0, param::kLargestInt)),
};
constexpr std::array kPing{param::required(param::id("t", "milliseconds since 1970"))};
constexpr std::array kStrict{param::boolean("strict", "503 when a part is down")};
constexpr cardea_param_t kHealthResult = param::object("health", kHealth);
constexpr cardea_param_t kPingResult = param::object("ping", kPing);
constexpr cardea_param_t kDocumentResult = param::object("document");

constexpr cardea_rest_operation_t get(const char* id, const char* path,
                                      std::span<const cardea_param_t> params,
                                      const cardea_param_t& result, const char* help) {
  cardea_rest_operation_t out{};
  out.id = id;
  out.method = "GET";
  out.path = path;
  out.params = params.data();
  out.param_count = params.size();
  out.uncounted = 1;
  out.status = 200;
  out.result = &result;
  out.help = help;
  return out;
}

constexpr std::array kOperations{
    get("server.openapi", "/openapi.json", {}, kDocumentResult, "This document"),
    get("server.health", "/health", kStrict, kHealthResult, "How the server and its parts are"),
    get("server.ping", "/ping", {}, kPingResult, "The server's clock"),
};

std::int64_t wall_clock_milliseconds() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
}

void answer(Api& api, const OwnFacts& facts, const cardea_rest_request_t& request) {
  const std::string_view id(request.operation->id);
  if (id == "server.openapi") {
    const std::string_view base(request.base_url.data, request.base_url.size);
    api.respond(request.call, 0, {}, openapi(api.catalog(), facts.version, base).dump());
    return;
  }
  if (id == "server.ping") {
    api.respond(request.call, 0, {}, Json::object({{"t", wall_clock_milliseconds()}}).dump());
    return;
  }
  const auto params = Json::parse({request.params.data, request.params.size});
  const bool strict = params && (*params)["strict"].as_bool();
  const Json health = facts.health();
  const bool degraded = health["status"].as_text() != "healthy";
  api.respond(request.call, strict && degraded ? 503 : 200, {}, health.dump());
}

}  // namespace

Result<void> add_own_operations(Api& api, OwnFacts facts) {
  const cardea_rest_t table{sizeof table, kOperations.data(), kOperations.size(), nullptr, nullptr};
  const auto call = [&api, facts = std::move(facts)](const cardea_rest_request_t& request) {
    answer(api, facts, request);
  };
  return api.add(&api, table, {call, nullptr});
}

}  // namespace cardea::rest
