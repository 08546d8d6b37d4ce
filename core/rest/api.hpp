// The REST API below /api/v1: finds the operation, checks origin, identity, rate, size and
// parameters in this order, hands over to the module and sends its answer.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <cardea/identity.h>

#include "core/log/log.hpp"
#include "core/metrics/metrics.hpp"
#include "core/rest/call.hpp"
#include "core/rest/catalog.hpp"
#include "core/rest/limiter.hpp"
#include "core/rest/origins.hpp"
#include "core/rest/problem.hpp"

namespace cardea::rest {

struct Settings {
  std::vector<std::string> origins;  ///< of other pages that may call
  std::set<std::string> aliases;     ///< replaced systems whose paths are served
  std::string public_url;            ///< "https://example.org"; empty: what the client asked for
  std::size_t max_body = 16'384;     ///< bytes, where the operation says nothing
  std::uint32_t per_minute = 120;    ///< requests of one address; 0: no limit
  bool limits_enabled = true;
};

/// How answers leave. All calls [control]; see <cardea/http.h>.
class AnswerPort {
 public:
  virtual ~AnswerPort() = default;
  virtual void respond(cardea_http_exchange_t exchange, int status, const Headers& headers,
                       std::string_view body) = 0;
  virtual bool stream_begin(cardea_http_exchange_t exchange, const Headers& headers) = 0;
  virtual bool stream_write(cardea_http_exchange_t exchange, std::string_view chunk) = 0;
  virtual void stream_end(cardea_http_exchange_t exchange) = 0;
};

/// A module behind its operations.
struct Handler {
  std::function<void(const cardea_rest_request_t&)> call;
  std::function<void(cardea_rest_call_t)> gone;  ///< of a stream's client; may be empty
};

/// [control]
class Api {
 public:
  Api(Settings settings, log::Logger log, metrics::Registry& metrics, std::function<Time()> now,
      AnswerPort& port);

  /// Operations of a module. @param owner for forget(). @param handler outlives forget().
  Result<void> add(const void* owner, const cardea_rest_t& table, Handler handler);
  /// Its calls under way are answered with 503.
  void forget(const void* owner);

  void set_identity(const cardea_identity_t* identity) { identity_ = identity; }
  void set_bus(const cardea_bus_t* bus) { limiter_.use(bus); }

  [[nodiscard]] const Catalog& catalog() const { return catalog_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }

  /// A request for a path that catalog().matches().
  void request(const cardea_http_incoming_t& incoming);
  /// Its client went away.
  void gone(cardea_http_exchange_t exchange);

  /// What modules answer; see cardea_rest_host_t.
  void respond(cardea_rest_call_t call, int status, Headers headers, std::string_view body);
  void fail(cardea_rest_call_t call, const Problem& problem, const Json& more = {},
            Headers headers = {});

  /// See cardea_rest_host_t; false: the call is over.
  bool stream_begin(cardea_rest_call_t call, Headers headers);
  bool stream_write(cardea_rest_call_t call, std::string_view chunk);
  void stream_end(cardea_rest_call_t call);
  /// Whether the call asks for a WebSocket.
  [[nodiscard]] bool is_upgrade(cardea_rest_call_t call) const;

  /// Calls under way, for tests and leak counts.
  [[nodiscard]] std::size_t open_calls() const { return calls_.size(); }

 private:
  struct Handed {
    const void* owner = nullptr;
    Handler handler;
  };

  Call read(const cardea_http_incoming_t& incoming) const;
  // What stands against the call before its rate is looked at.
  std::optional<Problem> check(Call& call, const Catalog::Found& found);
  std::optional<Problem> identify(Call& call) const;
  std::vector<Limiter::Demand> demands(const Call& call) const;
  void preflight(const Call& call, const std::string& methods);
  void admit(cardea_rest_call_t number);
  void hand_over(cardea_rest_call_t number);
  [[nodiscard]] const Handler& handler_of(const Call& call) const;
  // What every answer has.
  static Headers completed(const Call& call, Headers headers);
  void send(const Call& call, int status, Headers headers, std::string_view body);
  void count(const Call& call, int status);

  Settings settings_;
  log::Logger log_;
  metrics::Registry& metrics_;
  std::function<Time()> now_;
  AnswerPort& port_;
  Origins origins_;
  Catalog catalog_;
  Limiter limiter_;
  const cardea_identity_t* identity_ = nullptr;
  std::vector<Handed> owners_;
  std::unordered_map<cardea_rest_call_t, Call> calls_;
  cardea_rest_call_t last_ = 0;
};

}  // namespace cardea::rest
