// HTTP requests under way: which of them wait for the host, until when, and what they are answered.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <microhttpd.h>
#include <sys/types.h>

#include <cardea/transport.h>

namespace cardea::http {

using Time = std::chrono::steady_clock::time_point;

struct Header {
  std::string name;
  std::string value;
};

struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<Header> headers = {};  ///< more than those that every answer has
};

/// An error in the form of the Janus API, which carries a number and a sentence.
Answer janus_error(int status, int code, std::string_view reason);

/// One request, from its request line until libmicrohttpd has done with it. Owned by the callbacks
/// of its connection; others reach it through the table only.
struct Exchange {
  enum class Phase : std::uint8_t { Receiving, Parked, Answered, Streaming };

  MHD_Connection* connection = nullptr;
  std::string target;
  std::string method;
  std::string body;
  std::uint64_t body_bytes = 0;  ///< received; beyond the cap they are not kept
  bool begun = false;            ///< its head was looked at
  bool admin = false;
  bool secure = false;  ///< the client came by TLS

  // From here on guarded by the table's lock.
  cardea_client_t client = 0;
  Phase phase = Phase::Receiving;
  bool polls = false;
  Time deadline{};
  Answer answer;                         ///< of a stream: its head
  class ExchangeTable* table = nullptr;  ///< set once parked
  int fd = -1;                           ///< for a look at whether the client is still there
  std::string unread;
  bool stream_ended = false;
  bool stream_waits = false;  ///< suspended until there is more to send
};

/// What may wait for the reader of a stream.
inline constexpr std::size_t kMostUnread = 1 << 20;

/// The exchanges that wait for the host, by client.
class ExchangeTable {
 public:
  /// [http] Suspends the connection; answer() may come from now on, even before this returns.
  cardea_client_t park(Exchange& exchange, Time deadline, bool polls);

  /// [any] Wakes the connection. Unknown, late and second answers are ignored.
  void answer(cardea_client_t client, Answer answer);

  /// [any] An answer without an end. False when the client is gone or has more than
  /// kMostUnread bytes to read; then it is cut.
  bool stream_begin(cardea_client_t client, Answer head);
  bool stream_write(cardea_client_t client, std::string_view chunk);
  void stream_end(cardea_client_t client);
  /// [http] The next bytes of a stream: how many, 0 when it was suspended, -1 at its end.
  ssize_t read_stream(Exchange& exchange, char* out, std::size_t size);

  /// [http] What to send; only for an exchange that was parked and called again.
  Answer take_answer(Exchange& exchange);
  [[nodiscard]] Exchange::Phase phase(const Exchange& exchange) const;

  /// [http] The exchange is over. @returns the client that the host must forget, or 0.
  cardea_client_t remove(Exchange& exchange);

  /// [any] Answers those whose time is over. @returns how many.
  std::size_t expire(Time now);
  /// [any] Ends polls and streams whose client has left: a suspended connection does not notice by
  /// itself. @returns how many.
  std::size_t drop_abandoned();

  /// [any] Answers all, and from now on every new one at once.
  void stop();
  [[nodiscard]] bool empty() const;

 private:
  void wake(Exchange& exchange, Answer answer);
  static void resume_stream(Exchange& exchange);
  Exchange* streaming(cardea_client_t client);

  mutable std::mutex mutex_;
  std::unordered_map<cardea_client_t, Exchange*> parked_;
  cardea_client_t last_client_ = 0;
  bool stopped_ = false;
};

}  // namespace cardea::http
