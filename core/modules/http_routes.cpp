#include "core/modules/http_routes.hpp"

#include <utility>

#include <openssl/crypto.h>

#include <cardea/sdk/json.hpp>

namespace cardea::modules {

namespace {

// RFC 9457, with the members that clients of the replaced systems read.
HttpResponse problem(int status, const char* title, const char* code) {
  const Json body = Json::object({{"type", "about:blank"},
                                  {"title", title},
                                  {"status", status},
                                  {"code", code},
                                  {"error", title}});
  return {status, "application/problem+json", body.dump()};
}

bool same_secret(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

HttpRoutes::HttpRoutes(const metrics::Registry& metrics, std::string metrics_token,
                       std::function<bool()> ready)
    : metrics_(metrics), metrics_token_(std::move(metrics_token)), ready_(std::move(ready)) {}

HttpResponse HttpRoutes::answer(const HttpRequest& request) const {
  const bool known =
      request.path == "/healthz" || request.path == "/readyz" || request.path == "/metrics";
  if (!known) {
    return problem(404, "Not found", "not_found");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return problem(405, "Method not allowed", "method_not_allowed");
  }
  if (request.path == "/metrics") {
    return metrics_page(request);
  }
  if (request.path == "/readyz" && !ready_()) {
    return {503, "application/json", R"({"status":"draining"})"};
  }
  return {200, "application/json", R"({"status":"ok"})"};
}

HttpResponse HttpRoutes::metrics_page(const HttpRequest& request) const {
  if (!request.admin) {
    if (metrics_token_.empty()) {
      return problem(404, "Not found", "not_found");
    }
    if (!same_secret(request.authorization, "Bearer " + metrics_token_)) {
      return problem(401, "A bearer token is needed", "unauthorized");
    }
  }
  return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_.render()};
}

}  // namespace cardea::modules
