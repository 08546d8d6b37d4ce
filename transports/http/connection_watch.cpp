// Deadlines against slow clients.
#include "transports/http/connection_watch.hpp"

#include <sys/socket.h>

namespace cardea::http {

namespace {

// A body may begin slowly; its rate counts after that.
constexpr std::chrono::seconds kBodyGrace{10};

}  // namespace

ConnectionWatch::State* ConnectionWatch::find(const MHD_Connection* connection) {
  const auto found = states_.find(connection);
  return found == states_.end() ? nullptr : &found->second;
}

bool ConnectionWatch::admits(const std::string& address, std::size_t more) const {
  const std::scoped_lock lock(mutex_);
  const auto found = per_address_.find(address);
  const std::size_t open = more + (found == per_address_.end() ? 0 : found->second);
  return !settings_.limits || open < settings_.max_connections_per_address ||
         settings_.trusted_proxies.contains(address);
}

bool ConnectionWatch::secure(const MHD_Connection* connection) const {
  const std::scoped_lock lock(mutex_);
  const auto found = states_.find(connection);
  return found != states_.end() && found->second.secure;
}

std::size_t ConnectionWatch::open() const {
  const std::scoped_lock lock(mutex_);
  return states_.size();
}

void ConnectionWatch::opened(const MHD_Connection* connection, int fd, const std::string& address,
                             bool secure, Time now) {
  const std::scoped_lock lock(mutex_);
  states_[connection] = {fd, address, Phase::Head, now, 0, secure};
  ++per_address_[address];
}

void ConnectionWatch::closed(const MHD_Connection* connection) {
  const std::scoped_lock lock(mutex_);
  const auto found = states_.find(connection);
  if (found == states_.end()) {
    return;
  }
  const auto count = per_address_.find(found->second.address);
  if (--count->second == 0) {
    per_address_.erase(count);
  }
  states_.erase(found);
}

void ConnectionWatch::head_begins(const MHD_Connection* connection, Time now) {
  const std::scoped_lock lock(mutex_);
  if (State* state = find(connection);
      state != nullptr && (state->phase == Phase::Free || state->phase == Phase::Idle)) {
    state->phase = Phase::Head;
    state->since = now;
  }
}

void ConnectionWatch::body_begins(const MHD_Connection* connection, Time now) {
  const std::scoped_lock lock(mutex_);
  if (State* state = find(connection)) {
    state->phase = Phase::Body;
    state->since = now;
    state->body_bytes = 0;
  }
}

void ConnectionWatch::body_grows(const MHD_Connection* connection, std::size_t bytes) {
  const std::scoped_lock lock(mutex_);
  if (State* state = find(connection)) {
    state->body_bytes += bytes;
  }
}

void ConnectionWatch::rests(const MHD_Connection* connection) {
  const std::scoped_lock lock(mutex_);
  if (State* state = find(connection)) {
    state->phase = Phase::Free;
  }
}

void ConnectionWatch::idles(const MHD_Connection* connection, Time now) {
  const std::scoped_lock lock(mutex_);
  if (State* state = find(connection)) {
    state->phase = Phase::Idle;
    state->since = now;
  }
}

bool ConnectionWatch::too_slow(const State& state, Time now) const {
  const auto elapsed = now - state.since;
  switch (state.phase) {
    case Phase::Head:
      return elapsed >= settings_.header_timeout;
    case Phase::Body: {
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
      return elapsed >= kBodyGrace &&
             state.body_bytes < settings_.body_min_rate * static_cast<std::size_t>(seconds);
    }
    case Phase::Idle:
      return elapsed >= settings_.idle_timeout;
    case Phase::Free:
      return false;
  }
  return false;
}

std::size_t ConnectionWatch::cut_slow(Time now) {
  const std::scoped_lock lock(mutex_);
  std::size_t count = 0;
  for (auto& [connection, state] : states_) {
    if (too_slow(state, now)) {
      shutdown(state.fd, SHUT_RDWR);
      state.phase = Phase::Free;
      ++count;
    }
  }
  return count;
}

}  // namespace cardea::http
