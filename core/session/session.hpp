// One Janus session: its owner, its handles, and the events that wait for it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/base/time.hpp"
#include "core/session/client_port.hpp"
#include "core/session/handle.hpp"
#include "core/session/settings.hpp"

namespace cardea::session {

/// A long poll that waits for an event.
struct ParkedPoll {
  ClientId client;
  std::uint32_t max_events = 1;
  Time until;
};

class Session {
 public:
  Session(std::uint64_t session_id, Time now) : id(session_id), last_activity(now), created(now) {}

  /// Keeps an event for a client that is not there now. False when the queue is full: the event is
  /// lost.
  bool enqueue(std::string text, std::size_t limit_bytes);
  /// Takes up to `max` events off the queue: the text of one, or of an array when max > 1. Empty
  /// when none waits.
  std::string take_events(std::uint32_t max);
  [[nodiscard]] bool has_events() const { return !queue_.empty(); }
  std::string take_one();

  /// When something is to be done about this session; empty: never.
  [[nodiscard]] std::optional<Time> deadline(const Settings& settings) const;
  /// Nobody has used it for too long.
  [[nodiscard]] bool timed_out(const Settings& settings, Time now) const;

  const std::uint64_t id;
  std::optional<ClientId> owner;    ///< the connection that events go to; none for polled sessions
  bool inner = false;               ///< of a module of this server: never times out
  bool polled = false;              ///< made or claimed by a client that does not push
  std::optional<Time> claim_until;  ///< set while its connection is gone and it may be claimed
  Time last_activity;
  const Time created;
  std::optional<Duration> timeout;  ///< its own, in place of the settings'
  std::uint32_t transport = 0;      ///< which one its client came by
  std::optional<ParkedPoll> parked;
  std::map<HandleId, std::unique_ptr<Handle>> handles;
  bool overflowed = false;  ///< an event was lost; said once in the log

 private:
  std::deque<std::string> queue_;
  std::size_t queue_bytes_ = 0;
};

}  // namespace cardea::session
