// Declaring REST operations in C++ and answering them: see <cardea/rest.h>.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cardea/rest.h>
#include <cardea/sdk/json.hpp>
#include <cardea/sdk/module.hpp>
#include <cardea/sdk/operation.hpp>
#include <cardea/sockets.h>

namespace cardea::sdk {

using RestHeaders = std::vector<std::pair<std::string, std::string>>;

/// Who asks. Nobody: rank CARDEA_RANK_NOBODY and empty texts; with grants it is the bearer of a
/// room token.
struct Principal {
  cardea_rank_t rank = CARDEA_RANK_NOBODY;
  std::string id;
  std::string name;
  std::string session;
  std::string token;
  std::int64_t expires = 0;
  std::string grants = {};

  [[nodiscard]] bool at_least(cardea_rank_t other) const { return rank >= other; }
};

/// Why a request is refused: status, a word for programs, a sentence for people.
struct RestProblem {
  int status = 500;
  std::string code = "internal";
  std::string detail = "Internal error";
  Json more = {};  ///< members that are added
  RestHeaders headers = {};
};

/// [control] One request under way. Owns all that it tells; may be moved and answered later. One
/// that is dropped without an answer is answered with 500.
class RestCall {
 public:
  RestCall(const Host& host, const cardea_rest_host_t& table, const cardea_rest_request_t& raw)
      : state_(std::make_unique<State>(host, table, raw)) {}
  RestCall(RestCall&&) = default;
  RestCall& operator=(RestCall&&) = default;
  ~RestCall() {
    if (state_ != nullptr && !state_->answered) {
      fail({});
    }
  }

  /// A declared parameter, absent when the client left it out.
  Json operator[](const char* name) const { return state_->params[name]; }
  [[nodiscard]] const Json& params() const { return state_->params; }
  [[nodiscard]] const Principal& principal() const { return state_->principal; }
  [[nodiscard]] const std::string& remote_address() const { return state_->remote_address; }
  [[nodiscard]] const std::string& request_id() const { return state_->request_id; }
  /// "https://example.org"; empty when the client told no name.
  [[nodiscard]] const std::string& base_url() const { return state_->base_url; }
  /// Of an operation with body_types.
  [[nodiscard]] const std::string& body() const { return state_->body; }
  [[nodiscard]] const std::string& body_type() const { return state_->body_type; }
  /// @param name in lower case. Empty when it is missing.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    for (const auto& [key, value] : state_->headers) {
      if (key == name) {
        return value;
      }
    }
    return {};
  }
  [[nodiscard]] std::string_view cookie(std::string_view name) const {
    std::string_view all = header("cookie");
    while (!all.empty()) {
      const std::size_t end = std::min(all.find(';'), all.size());
      std::string_view one = all.substr(0, end);
      one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
      if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=') {
        return one.substr(name.size() + 1);
      }
      all.remove_prefix(std::min(end + 1, all.size()));
    }
    return {};
  }

  /// The declared status with a body, or without one.
  void reply(const Json& body = {}, const RestHeaders& headers = {}) {
    send(0, body ? body.dump() : std::string(), headers);
  }
  void reply(int status, const Json& body, const RestHeaders& headers = {}) {
    send(status, body ? body.dump() : std::string(), headers);
  }
  /// A body that is not JSON.
  void reply_text(std::string_view type, std::string_view body, RestHeaders headers = {}) {
    headers.emplace_back("Content-Type", type);
    send(0, body, headers);
  }
  void redirect(const std::string& url, RestHeaders headers = {}) {
    headers.emplace_back("Location", url);
    send(302, {}, headers);
  }
  void fail(const RestProblem& problem) {
    const auto borrowed = borrow(problem.headers);
    const std::string more = problem.more ? problem.more.dump() : std::string();
    state_->table->fail(state_->host.context(), state_->call, problem.status, to_str(problem.code),
                        to_str(problem.detail), to_str(more), borrowed.data(), borrowed.size());
    state_->answered = true;
  }
  /// Makes the answer a stream without an end, which the module writes to by
  /// cardea_rest_host_t.stream_write(). Zero when the client is gone.
  cardea_rest_call_t begin_stream(const RestHeaders& headers) {
    const auto borrowed = borrow(headers);
    state_->answered = true;
    const bool begun = state_->table->stream_begin(state_->host.context(), state_->call,
                                                   borrowed.data(), borrowed.size()) == 0;
    return begun ? state_->call : 0;
  }
  /// Makes the upgrade a WebSocket of the module; zero when the call is none, and is still open.
  cardea_socket_t accept(const cardea_sockets_t& sockets, const cardea_socket_events_t& events,
                         void* argument) {
    const cardea_socket_t socket =
        sockets.accept(state_->host.context(), state_->call, &events, argument);
    state_->answered = socket != 0;
    return socket;
  }
  void fail(int status, std::string code, std::string detail) {
    fail({status, std::move(code), std::move(detail), {}, {}});
  }

 private:
  struct State {
    State(const Host& the_host, const cardea_rest_host_t& the_table,
          const cardea_rest_request_t& raw)
        : host(the_host),
          table(&the_table),
          call(raw.call),
          remote_address(to_view(raw.remote_address)),
          request_id(to_view(raw.request_id)),
          base_url(to_view(raw.base_url)),
          body(to_view(raw.body)),
          body_type(to_view(raw.body_type)) {
      if (auto parsed = Json::parse(to_view(raw.params))) {
        params = *std::move(parsed);
      }
      if (raw.principal != nullptr) {
        principal = {raw.principal->rank,
                     std::string(to_view(raw.principal->id)),
                     std::string(to_view(raw.principal->name)),
                     std::string(to_view(raw.principal->session)),
                     std::string(to_view(raw.principal->token)),
                     raw.principal->expires,
                     std::string(to_view(raw.principal->grants))};
      }
      for (std::size_t i = 0; i < raw.header_count; ++i) {
        headers.emplace_back(to_view(raw.headers[i].name), to_view(raw.headers[i].value));
      }
    }
    Host host;
    const cardea_rest_host_t* table;
    cardea_rest_call_t call;
    std::string remote_address, request_id, base_url, body, body_type;
    Json params;
    Principal principal;
    RestHeaders headers;
    bool answered = false;
  };

  static std::vector<cardea_http_header_t> borrow(const RestHeaders& headers) {
    std::vector<cardea_http_header_t> out;
    out.reserve(headers.size());
    for (const auto& [name, value] : headers) {
      out.push_back({to_str(name), to_str(value)});
    }
    return out;
  }
  void send(int status, std::string_view body, const RestHeaders& headers) {
    const auto borrowed = borrow(headers);
    state_->table->respond(state_->host.context(), state_->call, status, borrowed.data(),
                           borrowed.size(), to_str(body));
    state_->answered = true;
  }

  std::unique_ptr<State> state_;
};

/// One operation that a module of class M answers. Texts, parameters and results are constants.
template <typename M>
struct RestOperation {
  const char* id = nullptr;
  const char* method = nullptr;
  const char* path = nullptr;  ///< below /api/v1
  void (*handle)(M&, RestCall) = nullptr;
  cardea_rank_t access = CARDEA_RANK_USER;
  std::span<const cardea_param_t> params = {};
  int status = 200;
  const cardea_param_t* result = nullptr;
  const char* help = "";
  const char* limit = nullptr;  ///< the name of a limit in the table's settings
  const char* const* aliases = nullptr;
  std::uint32_t max_body = 0;
  const char* body_types = nullptr;
  const char* result_type = nullptr;
  bool uncounted = false;
  bool query_token = false;  ///< upgrades and event streams
};

/// A member function as a handler: `.handle = sdk::rest_method<&Auth::login>()`.
template <auto Member>
struct RestMethodOf;
template <typename M, void (M::*Member)(RestCall)>
struct RestMethodOf<Member> {
  static void call(M& module, RestCall request) { (module.*Member)(std::move(request)); }
};
template <auto Member>
constexpr auto rest_method() {
  return &RestMethodOf<Member>::call;
}

/// A limit by configuration: "20/15m" is twenty requests in fifteen minutes; s, m, h, d; "0": none.
inline std::optional<cardea_rest_limit_t> rest_limit(const char* name, std::string_view text,
                                                     bool per_account = false) {
  const auto number = [](std::string_view digits) -> std::optional<std::uint32_t> {
    std::uint32_t value = 0;
    if (digits.empty() || digits.size() > 7) {
      return std::nullopt;
    }
    for (const char digit : digits) {
      if (digit < '0' || digit > '9') {
        return std::nullopt;
      }
      value = value * 10 + static_cast<std::uint32_t>(digit - '0');
    }
    return value;
  };
  if (text == "0") {
    return cardea_rest_limit_t{name, 0, 1, per_account ? 1 : 0};
  }
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 >= text.size()) {
    return std::nullopt;
  }
  constexpr std::string_view kUnits = "smhd";
  constexpr std::uint32_t kSeconds[] = {1, 60, 3600, 86'400};
  const std::size_t unit = kUnits.find(text.back());
  const std::string_view period = text.substr(slash + 1, text.size() - slash - 2);
  const auto count = number(text.substr(0, slash));
  const auto length = period.empty() ? std::optional<std::uint32_t>(1) : number(period);
  if (unit == std::string_view::npos || !count || !length || *count == 0 || *length == 0) {
    return std::nullopt;
  }
  return cardea_rest_limit_t{name, *count, *length * kSeconds[unit], per_account ? 1 : 0};
}

/// The C table of a module's operations. A member of the module, which gives table() out as
/// CARDEA_REST.
template <typename M>
class RestTable {
 public:
  /// @param operations constant data. @param limits that the operations name.
  RestTable(const Host& host, std::span<const RestOperation<M>> operations,
            std::vector<cardea_rest_limit_t> limits)
      : host_(host), operations_(operations), limits_(std::move(limits)) {
    for (const RestOperation<M>& from : operations_) {
      declared_.push_back(declare(from));
    }
    table_ = {sizeof table_, declared_.data(), declared_.size(), &call, kGone};
  }
  RestTable(const RestTable&) = delete;
  RestTable& operator=(const RestTable&) = delete;

  [[nodiscard]] const cardea_rest_t* table() const { return &table_; }

 private:
  cardea_rest_operation_t declare(const RestOperation<M>& from) const {
    cardea_rest_operation_t out{};
    out.id = from.id;
    out.method = from.method;
    out.path = from.path;
    out.aliases = from.aliases;
    out.access = from.access;
    out.params = from.params.data();
    out.param_count = from.params.size();
    const auto limit = std::find_if(limits_.begin(), limits_.end(), [&](const auto& one) {
      return from.limit != nullptr && std::string_view(from.limit) == one.name;
    });
    if (limit != limits_.end()) {
      out.limits = &*limit;
      out.limit_count = 1;
    }
    out.max_body = from.max_body;
    out.body_types = from.body_types;
    out.uncounted = from.uncounted ? 1 : 0;
    out.query_token = from.query_token ? 1 : 0;
    out.status = from.status;
    out.result = from.result;
    out.result_type = from.result_type;
    out.help = from.help;
    return out;
  }

  static void call(void* instance, const cardea_rest_request_t* raw) {
    M& module = *static_cast<M*>(instance);
    const RestTable& self = module.rest();
    guarded(self.host_, raw->operation->id, [&] {
      const auto* table = self.host_.template get_interface<cardea_rest_host_t>(CARDEA_REST_HOST);
      RestCall request(self.host_, *table, *raw);
      const auto index = static_cast<std::size_t>(raw->operation - self.declared_.data());
      self.operations_[index].handle(module, std::move(request));
    });
  }

  // M::stream_gone(cardea_rest_call_t), where M makes streams.
  static constexpr decltype(cardea_rest_t::gone) kGone = [] {
    if constexpr (requires(M & module) { module.stream_gone(cardea_rest_call_t{}); }) {
      return [](void* instance, cardea_rest_call_t call) {
        M& module = *static_cast<M*>(instance);
        guarded(module.rest().host_, "stream gone", [&] { module.stream_gone(call); });
      };
    } else {
      return nullptr;
    }
  }();

  Host host_;
  std::span<const RestOperation<M>> operations_;
  std::vector<cardea_rest_limit_t> limits_;
  std::vector<cardea_rest_operation_t> declared_;
  cardea_rest_t table_{};
};

}  // namespace cardea::sdk
