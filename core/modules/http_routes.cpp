#include "core/modules/http_routes.hpp"

#include <algorithm>
#include <utility>

#include <openssl/crypto.h>

#include "core/rest/problem.hpp"

namespace cardea::modules {

namespace {

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const HttpHeader& one) { return one.name == name; });
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

HttpResponse http_problem(int status, const char* title, const char* code) {
  return {status, rest::kProblemType, rest::problem_body({status, code, title})};
}

HttpRoutes::HttpRoutes(const metrics::Registry& metrics, std::string metrics_token,
                       std::function<bool()> ready)
    : metrics_(metrics), metrics_token_(std::move(metrics_token)), ready_(std::move(ready)) {}

bool HttpRoutes::reserved(std::string_view path) {
  return path == "/healthz" || path == "/readyz" || path == "/metrics";
}

bool HttpRoutes::knows(std::string_view path) {
  return reserved(path) || path == "/api" || path.starts_with("/api/");
}

HttpResponse HttpRoutes::answer(const HttpRequest& request) const {
  if (request.path.starts_with("/api")) {
    return http_problem(404, "Not found", "not_found");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return http_problem(405, "Method not allowed", "method_not_allowed");
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
      return http_problem(404, "Not found", "not_found");
    }
    if (!same_secret(request.header("authorization"), "Bearer " + metrics_token_)) {
      return http_problem(401, "A bearer token is needed", "unauthorized");
    }
  }
  return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_.render()};
}

}  // namespace cardea::modules
