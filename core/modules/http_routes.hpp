// The HTTP requests that the host itself answers: health, readiness, metrics. Anything else under
// its paths is a 404.
#pragma once

#include <functional>
#include <string>

#include "core/metrics/metrics.hpp"

namespace cardea::modules {

struct HttpRequest {
  std::string method;
  std::string path;
  std::string authorization;  ///< value of the header, may be empty
  bool admin = false;         ///< came by an admin port
};

struct HttpResponse {
  int status = 200;
  std::string content_type;
  std::string body;
};

/// [control]
class HttpRoutes {
 public:
  /// @param metrics_token what /metrics on a public port asks for as a bearer token; empty: not
  /// shown there at all.
  /// @param ready whether the server takes new clients.
  HttpRoutes(const metrics::Registry& metrics, std::string metrics_token,
             std::function<bool()> ready);

  [[nodiscard]] HttpResponse answer(const HttpRequest& request) const;

 private:
  [[nodiscard]] HttpResponse metrics_page(const HttpRequest& request) const;

  const metrics::Registry& metrics_;
  std::string metrics_token_;
  std::function<bool()> ready_;
};

}  // namespace cardea::modules
