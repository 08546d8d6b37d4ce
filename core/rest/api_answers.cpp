// How calls end: answers, problems, streams, and clients that go away.
#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "core/rest/api.hpp"

namespace cardea::rest {

namespace {

bool has(const Headers& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& one) { return one.first == name; });
}

}  // namespace

void Api::respond(cardea_rest_call_t number, int status, Headers headers, std::string_view body) {
  const auto found = calls_.find(number);
  if (found == calls_.end() || found->second.streams) {
    return;
  }
  const Call call = std::move(found->second);
  calls_.erase(found);
  if (!body.empty() && !has(headers, "Content-Type")) {
    headers.emplace_back("Content-Type", "application/json");
  }
  send(call, status == 0 ? call.route->operation->status : status, std::move(headers), body);
}

void Api::fail(cardea_rest_call_t number, const Problem& problem, const Json& more,
               Headers headers) {
  headers.emplace_back("Content-Type", kProblemType);
  if (problem.status == 401 && !has(headers, "WWW-Authenticate")) {
    headers.emplace_back("WWW-Authenticate", "Bearer");
  }
  respond(number, problem.status, std::move(headers), problem_body(problem, more));
}

Headers Api::completed(const Call& call, Headers headers) {
  headers.emplace_back("X-Request-ID", call.request_id);
  if (!call.origin.empty()) {
    headers.emplace_back("Access-Control-Allow-Origin", call.origin);
    headers.emplace_back("Access-Control-Expose-Headers",
                         "X-Request-ID, Retry-After, RateLimit-Limit, RateLimit-Remaining, "
                         "RateLimit-Reset");
  }
  headers.emplace_back("Vary", "Origin");
  if (call.rate.limit > 0) {
    headers.emplace_back("RateLimit-Limit", std::to_string(call.rate.limit));
    headers.emplace_back("RateLimit-Remaining", std::to_string(call.rate.remaining));
    headers.emplace_back("RateLimit-Reset", std::to_string(call.rate.reset_seconds));
  }
  return headers;
}

void Api::send(const Call& call, int status, Headers headers, std::string_view body) {
  count(call, status);
  port_.respond(call.exchange, status, completed(call, std::move(headers)), body);
}

void Api::count(const Call& call, int status) {
  const char* route = call.route == nullptr ? "none" : call.route->operation->id;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now_() - call.started);
  metrics_
      .counter("cardea_rest_requests_total", "Requests of the REST API.",
               {{"route", route}, {"status", std::to_string(status)}})
      .add();
  constexpr std::array kBounds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0};
  metrics_
      .histogram("cardea_rest_seconds", "From a request to its answer.", kBounds,
                 {{"route", route}})
      .observe(static_cast<double>(took.count()) / 1e6);
  if (status >= 500) {
    log_.warn("{} {} {} after {} us, request {}", call.method, route, status, took.count(),
              call.request_id);
  } else {
    log_.debug("{} {} {} after {} us, request {}", call.method, route, status, took.count(),
               call.request_id);
  }
}

bool Api::stream_begin(cardea_rest_call_t number, Headers headers) {
  const auto found = calls_.find(number);
  if (found == calls_.end() || found->second.streams) {
    return false;
  }
  Call& call = found->second;
  count(call, 200);
  call.streams = port_.stream_begin(call.exchange, completed(call, std::move(headers)));
  if (!call.streams) {
    calls_.erase(found);
    return false;
  }
  return true;
}

bool Api::stream_write(cardea_rest_call_t number, std::string_view chunk) {
  const auto found = calls_.find(number);
  if (found == calls_.end() || !found->second.streams) {
    return false;
  }
  if (!port_.stream_write(found->second.exchange, chunk)) {
    calls_.erase(found);
    return false;
  }
  return true;
}

void Api::stream_end(cardea_rest_call_t number) {
  const auto found = calls_.find(number);
  if (found != calls_.end() && found->second.streams) {
    const cardea_http_exchange_t exchange = found->second.exchange;
    calls_.erase(found);
    port_.stream_end(exchange);
  }
}

void Api::gone(cardea_http_exchange_t exchange) {
  const auto found = std::find_if(calls_.begin(), calls_.end(),
                                  [&](const auto& one) { return one.second.exchange == exchange; });
  if (found == calls_.end()) {
    return;
  }
  const cardea_rest_call_t number = found->first;
  const Call call = std::move(found->second);
  calls_.erase(found);
  if (const Handler& handler = handler_of(call); call.streams && handler.gone) {
    handler.gone(number);
  }
}

}  // namespace cardea::rest
