// One device of a person: what it is sent, numbered, and kept for when it comes back.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <cardea/live.h>
#include <cardea/rest.h>
#include <cardea/sdk/rest.hpp>
#include <cardea/sockets.h>

namespace cardea::live {

using Time = std::chrono::steady_clock::time_point;

/// How a session is reached now; both zero: it is away.
struct Line {
  cardea_socket_t socket = 0;
  cardea_rest_call_t stream = 0;

  [[nodiscard]] bool connected() const { return socket != 0 || stream != 0; }
};

/// What a session is not told while it is away, within bounds.
class Backlog {
 public:
  static constexpr std::size_t kMostEvents = 500;
  static constexpr std::size_t kMostBytes = 1 << 20;

  /// @returns the event's number, one more than the last.
  std::uint64_t add(std::string text);
  [[nodiscard]] std::uint64_t last() const { return last_; }
  /// Everything after `seq`, in order; nothing when some of it is no longer there, or never was.
  [[nodiscard]] std::optional<std::deque<std::string>> after(std::uint64_t seq) const;

 private:
  std::deque<std::string> events_;  ///< the last of them has the number last_
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
};

struct Session {
  cardea_live_session_t number = 0;
  std::string id;  ///< for its client: whoever knows it and has the same user may resume it
  sdk::Principal who;
  std::string token;  ///< shown last
  Line line;
  Backlog backlog;
  std::set<std::string, std::less<>> topics;
  Time heard{};   ///< last sign of life
  Time pinged{};  ///< of a stream: when we last wrote a comment
  std::optional<Time> away_since;
};

/// As other modules are told of somebody; borrows from `who`.
cardea_principal_t view_of(const sdk::Principal& who);

/// {"type":T,"payload":P,"seq":N}
std::string event_text(std::string_view type, std::string_view payload, std::uint64_t seq);

/// A type as it is compared: without case and underscores.
std::string plain_type(std::string_view type);

}  // namespace cardea::live
