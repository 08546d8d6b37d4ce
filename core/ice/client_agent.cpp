// The controlling agent of tests and the load generator.
#include "core/ice/client_agent.hpp"

#include <algorithm>
#include <utility>

#include "core/ice/lite_agent.hpp"

namespace cardea::ice {

using namespace std::chrono_literals;

namespace {

constexpr Duration kFirstInterval = 50ms;
constexpr Duration kLongestInterval = 800ms;
// Chromium's pace on a stable pair.
constexpr Duration kConsentInterval = 2500ms;
// Answers to older checks come too late to matter.
constexpr std::size_t kMaxOutstanding = 8;

}  // namespace

ClientAgent::ClientAgent(ClientAgentConfig config, Time now)
    : config_(std::move(config)), next_check_(now), interval_(kFirstInterval) {}

void ClientAgent::poll(Time now) {
  if (now < next_check_) {
    return;
  }
  send_check();
  if (connected()) {
    interval_ = kConsentInterval;
  }
  next_check_ = now + interval_;
  interval_ = std::min(interval_ * 2, kLongestInterval);
}

void ClientAgent::send_check() {
  const TransactionId id = config_.make_transaction_id();
  StunWriter writer(StunClass::Request, kStunBinding, id);
  writer.username(config_.remote.ufrag + ":" + config_.local.ufrag);
  writer.ice_controlling(config_.tie_breaker);
  if (config_.nominate) {
    writer.use_candidate();
  }
  writer.priority(config_.priority);
  const Bytes check = writer.finish(config_.remote.pwd);
  outstanding_.push_back(id);
  if (outstanding_.size() > kMaxOutstanding) {
    outstanding_.pop_front();
  }
  if (output_.size() >= kMaxOutstanding) {
    output_.erase(output_.begin());
  }
  output_.emplace_back(check.begin(), check.end());
}

bool ClientAgent::receive(Bytes datagram, const Address& from, Time now) {
  const StunParse parse = parse_stun(datagram);
  const StunMessage& response = parse.message;
  if (!parse || response.method != kStunBinding || !(from == config_.remote_address)) {
    return false;
  }
  const auto known = std::find(outstanding_.begin(), outstanding_.end(), response.transaction_id);
  if (known == outstanding_.end() || !check_integrity(response, config_.remote.pwd)) {
    return false;
  }
  if (response.type_class == StunClass::Error) {
    last_error_ = response.error_code;
    outstanding_.erase(known);
    return false;
  }
  if (response.type_class != StunClass::Success || !response.xor_mapped_address) {
    return false;
  }
  outstanding_.erase(known);
  mapped_address_ = response.xor_mapped_address;
  last_response_ = now;
  next_check_ = now + kConsentInterval;
  return true;
}

std::vector<std::vector<std::uint8_t>> ClientAgent::take_output() {
  return std::exchange(output_, {});
}

bool ClientAgent::expired(Time now) const {
  return last_response_ && now - *last_response_ >= kConsentTimeout;
}

}  // namespace cardea::ice
