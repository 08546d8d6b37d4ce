// Queue and deadlines of a session.
#include "core/session/session.hpp"

#include <algorithm>

namespace cardea::session {

bool Session::enqueue(std::string text, std::size_t limit_bytes) {
  if (queue_bytes_ + text.size() > limit_bytes) {
    return false;
  }
  queue_bytes_ += text.size();
  queue_.push_back(std::move(text));
  return true;
}

std::string Session::take_one() {
  if (queue_.empty()) {
    return {};
  }
  std::string out = std::move(queue_.front());
  queue_.pop_front();
  queue_bytes_ -= out.size();
  return out;
}

std::string Session::take_events(std::uint32_t max) {
  if (max <= 1 || queue_.empty()) {
    return take_one();
  }
  std::string out = "[";
  for (std::uint32_t i = 0; i < max && !queue_.empty(); ++i) {
    out += (i == 0 ? "" : ",") + take_one();
  }
  return out + "]";
}

std::optional<Time> Session::deadline(const Settings& settings) const {
  if (parked) {
    return parked->until;
  }
  std::optional<Time> out = claim_until;
  const Duration idle_timeout = timeout.value_or(settings.session_timeout);
  if (idle_timeout > Duration::zero() && !inner) {
    const Time idle = last_activity + idle_timeout;
    out = out ? std::min(*out, idle) : idle;
  }
  return out;
}

bool Session::timed_out(const Settings& settings, Time now) const {
  if (parked) {
    return false;
  }
  if (claim_until && now >= *claim_until) {
    return true;
  }
  const Duration idle_timeout = timeout.value_or(settings.session_timeout);
  return idle_timeout > Duration::zero() && !inner && now >= last_activity + idle_timeout;
}

}  // namespace cardea::session
