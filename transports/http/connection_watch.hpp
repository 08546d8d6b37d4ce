// Open TCP connections of both ports: how many each address has, and which of them are too slow.
// libmicrohttpd itself has only an idle time, which a byte now and then renews for ever.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "transports/http/config.hpp"
#include "transports/http/exchange.hpp"

namespace cardea::http {

/// All calls [any].
class ConnectionWatch {
 public:
  /// @param settings outlives the watch.
  explicit ConnectionWatch(const Settings& settings) : settings_(settings) {}

  /// Whether one more connection from there is within the cap.
  /// @param more of the address that are not counted here yet.
  [[nodiscard]] bool admits(const std::string& address, std::size_t more = 0) const;

  /// @param fd for shutdown(), valid until closed().
  /// @param secure it came by TLS.
  void opened(const MHD_Connection* connection, int fd, const std::string& address, bool secure,
              Time now);
  [[nodiscard]] bool secure(const MHD_Connection* connection) const;
  void closed(const MHD_Connection* connection);
  /// How many there are.
  [[nodiscard]] std::size_t open() const;

  /// The request line is there: the rest of the head has header_timeout from now on.
  void head_begins(const MHD_Connection* connection, Time now);
  void body_begins(const MHD_Connection* connection, Time now);
  void body_grows(const MHD_Connection* connection, std::size_t bytes);
  /// The request is whole: nothing is expected of the client. The exchange has a deadline of its
  /// own.
  void rests(const MHD_Connection* connection);

  /// The answer is sent: the next request line must be whole within idle_timeout.
  void idles(const MHD_Connection* connection, Time now);

  /// Shuts down those that are too slow. @returns how many.
  std::size_t cut_slow(Time now);

 private:
  enum class Phase : std::uint8_t { Head, Body, Free, Idle };
  struct State {
    int fd = -1;
    std::string address;
    Phase phase = Phase::Head;
    Time since{};
    std::size_t body_bytes = 0;
    bool secure = false;
  };

  [[nodiscard]] bool too_slow(const State& state, Time now) const;
  State* find(const MHD_Connection* connection);

  const Settings& settings_;
  mutable std::mutex mutex_;
  std::unordered_map<const MHD_Connection*, State> states_;
  std::unordered_map<std::string, std::size_t> per_address_;
};

}  // namespace cardea::http
