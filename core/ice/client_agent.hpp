// A small controlling ICE agent towards one lite server: for tests, the simulator and the load
// generator.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "core/base/address.hpp"
#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "core/ice/credentials.hpp"
#include "core/ice/stun_message.hpp"

namespace cardea::ice {

struct ClientAgentConfig {
  Credentials local;
  Credentials remote;
  Address remote_address;
  std::uint64_t tie_breaker = 1;
  /// Priority of a peer-reflexive candidate (RFC 8445 7.1.1).
  std::uint32_t priority = 1853824767;
  /// Puts USE-CANDIDATE into every check.
  bool nominate = true;
  /// A fresh id for each check; from a random source in the real world, from a seed in a
  /// simulation.
  std::function<TransactionId()> make_transaction_id;
};

/// Sans-IO. Sends Binding requests every 50 ms doubling to 800 ms until one is answered, then
/// every 2.5 s as consent checks. Gives up nothing by itself: the caller looks at expired().
class ClientAgent {
 public:
  /// The first check is due at once: call poll(now).
  ClientAgent(ClientAgentConfig config, Time now);

  /// @returns true when the datagram was an authentic success response to one of our checks. Others
  /// are ignored.
  bool receive(Bytes datagram, const Address& from, Time now);
  void poll(Time now);
  [[nodiscard]] std::optional<Time> next_deadline() const { return next_check_; }
  /// Datagrams for remote_address, oldest first. At most [8] wait; older ones are lost.
  std::vector<std::vector<std::uint8_t>> take_output();

  [[nodiscard]] bool connected() const { return last_response_.has_value(); }
  /// Connected once and 30 s without an answer.
  [[nodiscard]] bool expired(Time now) const;
  /// Our address as the server saw it.
  [[nodiscard]] const std::optional<Address>& mapped_address() const { return mapped_address_; }
  /// The last authentic error response (487, 420), if any.
  [[nodiscard]] const std::optional<int>& last_error() const { return last_error_; }

 private:
  void send_check();

  ClientAgentConfig config_;
  Time next_check_;
  Duration interval_;
  std::deque<TransactionId> outstanding_;
  std::vector<std::vector<std::uint8_t>> output_;
  std::optional<Time> last_response_;
  std::optional<Address> mapped_address_;
  std::optional<int> last_error_;
};

}  // namespace cardea::ice
