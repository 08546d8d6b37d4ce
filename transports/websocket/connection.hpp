// What one WebSocket connection holds between callbacks: the message being received, the texts to
// be sent and the clocks. No sockets here, so it is tested alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <cardea/transport.h>

#include "transports/websocket/config.hpp"

namespace cardea::websocket {

using Time = std::chrono::steady_clock::time_point;

/// Close codes of RFC 6455 7.4.1.
inline constexpr int kNormal = 1000;
inline constexpr int kGoingAway = 1001;
inline constexpr int kUnsupportedData = 1003;
inline constexpr int kPolicyViolation = 1008;
inline constexpr int kTooBig = 1009;
inline constexpr int kTryAgainLater = 1013;

/// How long a client has to read what was queued before its close frame.
inline constexpr std::chrono::seconds kCloseWait{5};
/// ... and for one that broke a rule, to which we listen no more.
inline constexpr std::chrono::seconds kViolationWait{1};

struct Closing {
  int code;
  std::string reason;  ///< at most 123 bytes go out, RFC 6455 5.5
};

class Connection {
 public:
  /// @param settings outlives the connection.
  Connection(cardea_client_t id, std::string address, const Settings& settings, Time now);

  [[nodiscard]] cardea_client_t id() const { return id_; }
  [[nodiscard]] const std::string& address() const { return address_; }

  /// Adds a piece of a message. Refuses before it grows beyond the limit.
  /// @param expected bytes that this frame will still bring after the piece.
  /// @param last the piece ends the message: text() is whole until take_text().
  /// @returns the reason to close, if there is one.
  std::optional<Closing> receive(std::string_view piece, std::uint64_t expected, bool last,
                                 Time now);
  std::string take_text();

  /// @returns false when the client reads too slowly; the queue is then empty. Once it is closing,
  /// texts are left out.
  bool queue(std::string text);
  void drop_queue();
  [[nodiscard]] bool has_text() const { return !queue_.empty(); }
  std::string next_text();

  /// Ends the connection once the queue is sent. The first reason stays.
  void close(Closing closing, Time now);
  [[nodiscard]] bool closing() const { return closing_.has_value(); }
  [[nodiscard]] const std::optional<Closing>& close_reason() const { return closing_; }

  /// The close frame is out: only the client's own is awaited.
  void set_close_sent() { close_sent_ = true; }
  [[nodiscard]] bool close_sent() const { return close_sent_; }

  /// Anything heard from the client, pongs included.
  void heard(Time now) { heard_ = now; }
  /// True once for each ping that is due.
  bool ping_due(Time now);
  void want_ping() { ping_wanted_ = true; }
  bool take_ping() { return std::exchange(ping_wanted_, false); }

  /// True when the client has to go without further words: silent for ping_timeout, or it does
  /// not read its close frame.
  [[nodiscard]] bool dead(Time now) const;
  /// A message that has taken too long to arrive.
  [[nodiscard]] bool stalled(Time now) const;

  /// Judges control frames by the bytes that TCP brought beyond what came out as messages.
  /// @param received bytes since the connection began.
  /// @returns true when more than pings_per_second full pings came per second since the last call.
  bool floods(std::uint64_t received, Time now);

 private:
  cardea_client_t id_;
  std::string address_;
  const Settings& settings_;
  std::string partial_;
  std::optional<Time> partial_since_;
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
  std::optional<Closing> closing_;
  Time close_by_{};
  Time heard_;
  Time pinged_;
  bool close_sent_ = false;
  bool ping_wanted_ = false;
  std::uint64_t accounted_ = 0;  // message bytes with the most that their frame headers can take
  std::uint64_t excess_seen_ = 0;
  Time checked_;
};

}  // namespace cardea::websocket
