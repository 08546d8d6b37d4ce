// The HTTP requests that the host itself answers: health, readiness, metrics. Anything else under
// its paths is a 404.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/metrics/metrics.hpp"

namespace cardea::modules {

struct HttpHeader {
  std::string name;  ///< of a request: lower case
  std::string value;
};

struct HttpRequest {
  std::string method;
  std::string path;
  std::string query = {};
  std::string body = {};
  std::string remote_address = {};
  std::vector<HttpHeader> headers = {};
  std::string base_url = {};  ///< how the client reached the server, as in <cardea/transport.h>
  bool admin = false;         ///< came by an admin port

  /// The value of the first header of that name (lower case), empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type;
  std::string body;
};

/// An error as RFC 9457 has it.
HttpResponse http_problem(int status, const char* title, const char* code);

/// [control]
class HttpRoutes {
 public:
  /// @param metrics_token what /metrics on a public port asks for as a bearer token; empty: not
  /// shown there at all.
  /// @param ready whether the server takes new clients.
  HttpRoutes(const metrics::Registry& metrics, std::string metrics_token,
             std::function<bool()> ready);

  /// [any] Whether only the host answers the path.
  [[nodiscard]] static bool reserved(std::string_view path);
  /// [any] Whether the host answers it when no module does.
  [[nodiscard]] static bool knows(std::string_view path);

  [[nodiscard]] HttpResponse answer(const HttpRequest& request) const;

 private:
  [[nodiscard]] HttpResponse metrics_page(const HttpRequest& request) const;

  const metrics::Registry& metrics_;
  std::string metrics_token_;
  std::function<bool()> ready_;
};

}  // namespace cardea::modules
