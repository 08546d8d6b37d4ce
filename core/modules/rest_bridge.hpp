// Both sides of <cardea/rest.h>: the operations of a module, and the functions by which it answers.
#pragma once

#include <cardea/rest.h>

#include "core/modules/http_bridge.hpp"
#include "core/modules/module.hpp"
#include "core/rest/api.hpp"

namespace cardea::modules {

/// Hands the REST API the paths that it answers.
/// @param api, http outlive each other's calls.
void serve_rest(HttpBridge& http, rest::Api& api);
/// How answers of the REST API reach the client.
class RestAnswers final : public rest::AnswerPort {
 public:
  explicit RestAnswers(HttpBridge& http) : http_(http) {}
  void respond(cardea_http_exchange_t exchange, int status, const rest::Headers& headers,
               std::string_view body) override;
  bool stream_begin(cardea_http_exchange_t exchange, const rest::Headers& headers) override;
  bool stream_write(cardea_http_exchange_t exchange, std::string_view chunk) override;
  void stream_end(cardea_http_exchange_t exchange) override;

 private:
  HttpBridge& http_;
};

/// Adds a module's operations to the REST API; they go with the module.
Result<void> add_rest_module(rest::Api& api, Module& module, const cardea_rest_t& table);

/// What modules call.
const cardea_rest_host_t& rest_host_table();

}  // namespace cardea::modules
