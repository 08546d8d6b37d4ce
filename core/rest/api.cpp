#include "core/rest/api.hpp"

#include <algorithm>
#include <utility>

#include <strings.h>

#include "core/rest/parameters.hpp"
#include "core/rest/request_id.hpp"

namespace cardea::rest {

namespace {

constexpr std::string_view kBearer = "Bearer ";

std::string_view view(cardea_str_t text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

cardea_str_t borrow(std::string_view text) { return {text.data(), text.size()}; }

Problem not_found() { return {404, "not_found", "No such resource"}; }

bool asks_for_socket(const Call& call) {
  constexpr std::string_view kWebSocket = "websocket";
  const std::string_view value = call.header("upgrade");
  return value.size() == kWebSocket.size() &&
         strncasecmp(value.data(), kWebSocket.data(), value.size()) == 0;
}

// The header, and where it may be the query, because browsers can set no headers there (API-04).
std::string bearer(const Call& call) {
  const std::string_view value = call.header("authorization");
  if (value.starts_with(kBearer)) {
    return std::string(value.substr(kBearer.size()));
  }
  constexpr std::string_view kName = "token=";
  std::string_view query;
  if (call.route->operation->query_token != 0) {
    query = call.query;
  }
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    std::string token;
    if (query.starts_with(kName) &&
        decode_form_text(query.substr(kName.size(), end - kName.size()), token)) {
      return token;
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return {};
}

bool changes_something(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

}  // namespace

Api::Api(Settings settings, log::Logger log, metrics::Registry& metrics, std::function<Time()> now,
         AnswerPort& port)
    : settings_(std::move(settings)),
      log_(std::move(log)),
      metrics_(metrics),
      now_(now),
      port_(port),
      origins_(settings_.origins),
      catalog_(settings_.aliases),
      limiter_(metrics, std::move(now)) {}

Result<void> Api::add(const void* owner, const cardea_rest_t& table, Handler handler) {
  auto added = catalog_.add(owner, table);
  if (added) {
    owners_.push_back({owner, std::move(handler)});
  }
  return added;
}

void Api::forget(const void* owner) {
  std::vector<cardea_rest_call_t> left;
  for (const auto& [number, call] : calls_) {
    if (call.route->owner == owner) {
      left.push_back(number);
    }
  }
  for (const cardea_rest_call_t number : left) {
    stream_end(number);
    fail(number, {503, "shutting_down", "The server is going down"});
  }
  catalog_.forget(owner);
  std::erase_if(owners_, [&](const Handed& one) { return one.owner == owner; });
}

Call Api::read(const cardea_http_incoming_t& incoming) const {
  Call call;
  call.exchange = incoming.exchange;
  call.method = view(incoming.method);
  call.query = view(incoming.query);
  call.body = view(incoming.body);
  call.remote_address = view(incoming.remote_address);
  call.base_url = settings_.public_url.empty() ? view(incoming.base_url)
                                               : std::string_view(settings_.public_url);
  call.started = now_();
  for (std::size_t i = 0; i < incoming.header_count; ++i) {
    call.headers.emplace_back(view(incoming.headers[i].name), view(incoming.headers[i].value));
  }
  call.request_id = request_id(call.header("x-request-id"));
  const std::string_view origin = call.header("origin");
  if (Origins::foreign(origin, call.base_url) && origins_.allowed(origin, call.base_url)) {
    call.origin = origin;
  }
  return call;
}

void Api::request(const cardea_http_incoming_t& incoming) {
  Call call = read(incoming);
  Catalog::Found found = catalog_.find(call.method, view(incoming.path));
  if (call.method == "OPTIONS" && !found.methods.empty()) {
    preflight(call, found.methods);
    return;
  }
  call.route = found.route;
  call.values = std::move(found.values);
  if (const auto problem = check(call, found)) {
    Headers headers;
    if (problem->status == 405) {
      headers.emplace_back("Allow", found.methods + ", OPTIONS");
    }
    if (problem->status == 401) {
      headers.emplace_back("WWW-Authenticate", "Bearer");
    }
    headers.emplace_back("Content-Type", kProblemType);
    send(call, problem->status, std::move(headers), problem_body(*problem));
    return;
  }
  const cardea_rest_call_t number = ++last_;
  auto asked = demands(call);
  calls_.emplace(number, std::move(call));
  limiter_.take(std::move(asked), [this, number](const Limiter::Verdict& verdict) {
    if (const auto waiting = calls_.find(number); waiting != calls_.end()) {
      waiting->second.rate = verdict;
      admit(number);
    }
  });
}

std::optional<Problem> Api::check(Call& call, const Catalog::Found& found) {
  const std::string_view origin = call.header("origin");
  const bool judged = changes_something(call.method) || asks_for_socket(call);
  if (judged && !origins_.allowed(origin, call.base_url)) {
    return Problem{403, "origin_refused", "Pages of this origin may not call this server"};
  }
  if (found.methods.empty()) {
    return not_found();
  }
  if (call.route == nullptr) {
    return Problem{405, "method_not_allowed", "This resource has no " + call.method};
  }
  const std::uint32_t own = call.route->operation->max_body;
  const std::size_t most = own == 0 ? settings_.max_body : own;
  if (call.body.size() > most) {
    return Problem{413, "too_large",
                   "The body may have at most " + std::to_string(most) + " bytes"};
  }
  return identify(call);
}

std::optional<Problem> Api::identify(Call& call) const {
  const std::string token = bearer(call);
  const cardea_rank_t needed = call.route->operation->access;
  if (!token.empty() && identity_ != nullptr) {
    cardea_principal_t who{};
    who.size = sizeof who;
    if (identity_->resolve(identity_->instance, borrow(token), &who) == 0) {
      call.principal = {who.rank,
                        std::string(view(who.id)),
                        std::string(view(who.name)),
                        std::string(view(who.session)),
                        std::string(view(who.token)),
                        who.expires,
                        std::string(view(who.grants))};
    } else {
      return Problem{401, "invalid_token", "The token is not valid or no longer so"};
    }
  }
  if (call.principal.rank >= needed) {
    return std::nullopt;
  }
  if (call.principal.id.empty()) {
    return Problem{401, "unauthorized", "A bearer token is needed"};
  }
  return Problem{403, call.principal.rank < CARDEA_RANK_USER ? "account_required" : "forbidden",
                 "You may not do this"};
}

std::vector<Limiter::Demand> Api::demands(const Call& call) const {
  std::vector<Limiter::Demand> out;
  if (!settings_.limits_enabled) {
    return out;
  }
  const cardea_rest_operation_t& operation = *call.route->operation;
  for (std::size_t i = 0; i < operation.limit_count; ++i) {
    const cardea_rest_limit_t& limit = operation.limits[i];
    const bool by_account = limit.per_account != 0 && !call.principal.id.empty();
    if (limit.count > 0) {
      out.push_back({limit.name, by_account ? "u" + call.principal.id : call.remote_address,
                     limit.count, limit.seconds});
    }
  }
  if (settings_.per_minute > 0 && operation.uncounted == 0) {
    out.push_back({"all", call.remote_address, settings_.per_minute, 60});
  }
  return out;
}

void Api::preflight(const Call& call, const std::string& methods) {
  Headers headers{{"Allow", methods + ", OPTIONS"}};
  if (!call.origin.empty()) {
    headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
    headers.emplace_back("Access-Control-Allow-Headers", "Authorization, Content-Type");
    headers.emplace_back("Access-Control-Max-Age", "86400");
  }
  send(call, 204, std::move(headers), {});
}

void Api::admit(cardea_rest_call_t number) {
  const Call& call = calls_.at(number);
  if (call.rate.allowed) {
    hand_over(number);
    return;
  }
  fail(number,
       {429, "rate_limited",
        "Too many requests, try again in " + std::to_string(call.rate.reset_seconds) + " s"},
       Json::object({{"retry_after", call.rate.reset_seconds}}),
       {{"Retry-After", std::to_string(call.rate.reset_seconds)}});
}

void Api::hand_over(cardea_rest_call_t number) {
  const Call& call = calls_.at(number);
  const cardea_rest_operation_t& operation = *call.route->operation;
  const std::string type = call.content_type();
  const Gathered gathered = gather(operation, {call.values, call.query, call.body, type});
  if (!gathered.params) {
    fail(number, gathered.problem);
    return;
  }
  const std::string params = gathered.params.dump();
  const cardea_principal_t principal = call.principal.view();
  std::vector<cardea_http_header_t> headers;
  headers.reserve(call.headers.size());
  for (const auto& [name, value] : call.headers) {
    headers.push_back({borrow(name), borrow(value)});
  }
  const bool raw = takes_raw_body(operation);
  const cardea_rest_request_t request{sizeof request,
                                      number,
                                      &operation,
                                      borrow(params),
                                      call.principal.id.empty() ? nullptr : &principal,
                                      borrow(call.remote_address),
                                      borrow(call.request_id),
                                      borrow(call.base_url),
                                      raw ? borrow(call.body) : cardea_str_t{},
                                      raw ? borrow(type) : cardea_str_t{},
                                      headers.data(),
                                      headers.size()};
  handler_of(call).call(request);
}

const Handler& Api::handler_of(const Call& call) const {
  return std::find_if(owners_.begin(), owners_.end(),
                      [&](const Handed& one) { return one.owner == call.route->owner; })
      ->handler;
}

bool Api::is_upgrade(cardea_rest_call_t number) const {
  const auto found = calls_.find(number);
  return found != calls_.end() && asks_for_socket(found->second);
}

}  // namespace cardea::rest
