// Parking and waking requests.
#include "transports/http/exchange.hpp"

#include <string_view>
#include <utility>

#include <cardea/sdk/json.hpp>

namespace cardea::http {

namespace {

constexpr int kInternalError = 490;

Answer busy_stopping() { return janus_error(503, kInternalError, "Server is shutting down"); }

}  // namespace

Answer janus_error(int status, int code, std::string_view reason) {
  const Json error = Json::object({{"code", code}, {"reason", reason}});
  return {status, "application/json", Json::object({{"janus", "error"}, {"error", error}}).dump()};
}

cardea_client_t ExchangeTable::park(Exchange& exchange, Time deadline, bool polls, bool opened) {
  const std::scoped_lock lock(mutex_);
  exchange.client = ++last_client_;
  exchange.opened = opened;
  exchange.polls = polls;
  exchange.deadline = deadline;
  exchange.phase = Exchange::Phase::Parked;
  parked_[exchange.client] = &exchange;
  MHD_suspend_connection(exchange.connection);
  if (stopped_) {
    wake(exchange, busy_stopping());
  }
  return exchange.client;
}

void ExchangeTable::wake(Exchange& exchange, Answer answer) {
  if (exchange.phase == Exchange::Phase::Parked) {
    exchange.answer = std::move(answer);
    exchange.phase = Exchange::Phase::Answered;
    MHD_resume_connection(exchange.connection);
  }
}

void ExchangeTable::answer(cardea_client_t client, Answer answer) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = parked_.find(client); found != parked_.end()) {
    wake(*found->second, std::move(answer));
  }
}

Answer ExchangeTable::take_answer(Exchange& exchange) {
  const std::scoped_lock lock(mutex_);
  return std::move(exchange.answer);
}

Exchange::Phase ExchangeTable::phase(const Exchange& exchange) const {
  const std::scoped_lock lock(mutex_);
  return exchange.phase;
}

cardea_client_t ExchangeTable::remove(Exchange& exchange) {
  const std::scoped_lock lock(mutex_);
  parked_.erase(exchange.client);
  return exchange.opened ? exchange.client : 0;
}

std::size_t ExchangeTable::expire(Time now) {
  const std::scoped_lock lock(mutex_);
  std::size_t count = 0;
  for (auto& [client, exchange] : parked_) {
    if (exchange->phase == Exchange::Phase::Parked && now >= exchange->deadline) {
      wake(*exchange, exchange->polls ? Answer{200, "application/json", R"({"janus":"keepalive"})"}
                                      : janus_error(504, kInternalError, "No answer in time"));
      ++count;
    }
  }
  return count;
}

void ExchangeTable::stop() {
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  for (auto& [client, exchange] : parked_) {
    wake(*exchange, busy_stopping());
  }
}

bool ExchangeTable::empty() const {
  const std::scoped_lock lock(mutex_);
  return parked_.empty();
}

}  // namespace cardea::http
