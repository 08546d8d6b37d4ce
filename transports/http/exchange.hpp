// HTTP requests under way: which of them wait for the host, until when, and what they are answered.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include <microhttpd.h>

#include <cardea/transport.h>

namespace cardea::http {

using Time = std::chrono::steady_clock::time_point;

struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
};

/// An error in the form of the Janus API, which carries a number and a sentence.
Answer janus_error(int status, int code, std::string_view reason);

/// One request, from its request line until libmicrohttpd has done with it. Owned by the callbacks
/// of its connection; others reach it through the table only.
struct Exchange {
  enum class Phase : std::uint8_t { Receiving, Parked, Answered };

  MHD_Connection* connection = nullptr;
  std::string target;
  std::string method;
  std::string body;
  std::uint64_t body_bytes = 0;  ///< received; beyond the cap they are not kept
  bool begun = false;            ///< its head was looked at
  bool admin = false;

  // From here on guarded by the table's lock.
  cardea_client_t client = 0;
  Phase phase = Phase::Receiving;
  bool opened = false;  ///< the host knows the client
  bool polls = false;
  Time deadline{};
  Answer answer;
};

/// The exchanges that wait for the host, by client.
class ExchangeTable {
 public:
  /// [http] Suspends the connection; answer() may come from now on, even before this returns.
  /// @param opened whether the host gets to know the client, and has to hear of its end.
  cardea_client_t park(Exchange& exchange, Time deadline, bool polls, bool opened);

  /// [any] Wakes the connection. Unknown, late and second answers are ignored.
  void answer(cardea_client_t client, Answer answer);

  /// [http] What to send; only for an exchange that was parked and called again.
  Answer take_answer(Exchange& exchange);
  [[nodiscard]] Exchange::Phase phase(const Exchange& exchange) const;

  /// [http] The exchange is over. @returns the client that the host must forget, or 0.
  cardea_client_t remove(Exchange& exchange);

  /// [any] Answers those whose time is over. @returns how many.
  std::size_t expire(Time now);

  /// [any] Answers all, and from now on every new one at once.
  void stop();
  [[nodiscard]] bool empty() const;

 private:
  void wake(Exchange& exchange, Answer answer);

  mutable std::mutex mutex_;
  std::unordered_map<cardea_client_t, Exchange*> parked_;
  cardea_client_t last_client_ = 0;
  bool stopped_ = false;
};

}  // namespace cardea::http
