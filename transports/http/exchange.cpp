// Parking and waking requests.
#include "transports/http/exchange.hpp"

#include <algorithm>
#include <utility>

#include <sys/socket.h>

#include <cardea/sdk/json.hpp>

namespace cardea::http {

namespace {

constexpr int kInternalError = 490;

// The other side has closed, and everything it sent before has been read.
bool left(int fd) {
  char byte = 0;
  return fd >= 0 && recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

Answer poll_ends() { return {200, "application/json", R"({"janus":"keepalive"})"}; }

// A poll that is refused says so by its status too: janus.js asks again at once after a 200.
int poll_status(std::string_view text) {
  constexpr std::size_t kLongestError = 512;
  constexpr int kForbidden = 403;
  if (text.size() > kLongestError || !text.starts_with('{')) {
    return 200;
  }
  const auto answer = Json::parse(text);
  if (!answer || (*answer)["janus"].as_text() != "error") {
    return 200;
  }
  return (*answer)["error"]["code"].as_int() == kForbidden ? kForbidden : 404;
}

Answer busy_stopping() { return janus_error(503, kInternalError, "Server is shutting down"); }

}  // namespace

Answer janus_error(int status, int code, std::string_view reason) {
  const Json error = Json::object({{"code", code}, {"reason", reason}});
  return {status, "application/json", Json::object({{"janus", "error"}, {"error", error}}).dump()};
}

cardea_client_t ExchangeTable::park(Exchange& exchange, Time deadline, bool polls) {
  const std::scoped_lock lock(mutex_);
  exchange.client = ++last_client_;
  exchange.table = this;
  const auto* info =
      MHD_get_connection_info(exchange.connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  exchange.fd = info == nullptr ? -1 : info->connect_fd;
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
    if (found->second->polls && answer.status == 200) {
      answer.status = poll_status(answer.body);
    }
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
  return exchange.client;
}

std::size_t ExchangeTable::expire(Time now) {
  const std::scoped_lock lock(mutex_);
  std::size_t count = 0;
  for (auto& [client, exchange] : parked_) {
    if (exchange->phase == Exchange::Phase::Parked && now >= exchange->deadline) {
      wake(*exchange,
           exchange->polls ? poll_ends() : janus_error(504, kInternalError, "No answer in time"));
      ++count;
    }
  }
  return count;
}

std::size_t ExchangeTable::drop_abandoned() {
  const std::scoped_lock lock(mutex_);
  std::size_t count = 0;
  for (auto& [client, exchange] : parked_) {
    const bool waits = exchange->polls && exchange->phase == Exchange::Phase::Parked;
    if ((waits || exchange->stream_waits) && left(exchange->fd)) {
      exchange->stream_ended = true;
      wake(*exchange, poll_ends());
      resume_stream(*exchange);
      ++count;
    }
  }
  return count;
}

void ExchangeTable::stop() {
  const std::scoped_lock lock(mutex_);
  stopped_ = true;
  for (auto& [client, exchange] : parked_) {
    exchange->stream_ended = true;
    wake(*exchange, busy_stopping());
    resume_stream(*exchange);
  }
}

bool ExchangeTable::stream_begin(cardea_client_t client, Answer head) {
  const std::scoped_lock lock(mutex_);
  const auto found = parked_.find(client);
  if (found == parked_.end() || found->second->phase != Exchange::Phase::Parked) {
    return false;
  }
  wake(*found->second, std::move(head));
  found->second->phase = Exchange::Phase::Streaming;
  return true;
}

Exchange* ExchangeTable::streaming(cardea_client_t client) {
  const auto found = parked_.find(client);
  const bool open = found != parked_.end() && found->second->phase == Exchange::Phase::Streaming &&
                    !found->second->stream_ended;
  return open ? found->second : nullptr;
}

bool ExchangeTable::stream_write(cardea_client_t client, std::string_view chunk) {
  const std::scoped_lock lock(mutex_);
  Exchange* exchange = streaming(client);
  if (exchange == nullptr) {
    return false;
  }
  if (exchange->unread.size() + chunk.size() > kMostUnread) {
    exchange->stream_ended = true;
    exchange->unread.clear();
    // libmicrohttpd waits for the socket to take more, which it may never do.
    shutdown(exchange->fd, SHUT_RDWR);
    return false;
  }
  exchange->unread.append(chunk);
  resume_stream(*exchange);
  return true;
}

void ExchangeTable::stream_end(cardea_client_t client) {
  const std::scoped_lock lock(mutex_);
  if (Exchange* exchange = streaming(client)) {
    exchange->stream_ended = true;
    resume_stream(*exchange);
  }
}

void ExchangeTable::resume_stream(Exchange& exchange) {
  if (std::exchange(exchange.stream_waits, false)) {
    MHD_resume_connection(exchange.connection);
  }
}

ssize_t ExchangeTable::read_stream(Exchange& exchange, char* out, std::size_t size) {
  const std::scoped_lock lock(mutex_);
  const std::size_t taken = std::min(size, exchange.unread.size());
  if (taken > 0) {
    std::copy_n(exchange.unread.data(), taken, out);
    exchange.unread.erase(0, taken);
    return static_cast<ssize_t>(taken);
  }
  if (exchange.stream_ended) {
    return -1;
  }
  exchange.stream_waits = true;
  MHD_suspend_connection(exchange.connection);
  return 0;
}

bool ExchangeTable::empty() const {
  const std::scoped_lock lock(mutex_);
  return parked_.empty();
}

}  // namespace cardea::http
