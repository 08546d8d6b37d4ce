// All sessions by id, all handles by id, and which session needs attention when.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/session/session.hpp"

namespace cardea::session {

class SessionTable {
 public:
  /// @param id unused so far.
  Session& add(std::uint64_t id, Time now);
  /// Null when unknown. Valid until it is taken out.
  Session* find(std::uint64_t id);
  /// Takes a session out; its handles are no longer found. Null when unknown.
  std::unique_ptr<Session> take(std::uint64_t id);

  Handle& add_handle(Session& session, std::unique_ptr<Handle> handle);
  /// Null when unknown.
  Handle* find_handle(HandleId id);
  std::unique_ptr<Handle> take_handle(Session& session, HandleId id);

  /// An id that no session and no handle has.
  std::uint64_t fresh_id();

  /// Notes the session's deadline anew. An earlier note that is still before it is kept: the look
  /// at that time notes again.
  void schedule(const Session& session, const Settings& settings);
  /// Sessions whose noted time has come; each must be scheduled again or taken out.
  std::vector<std::uint64_t> take_due(Time now);
  [[nodiscard]] std::optional<Time> next_due() const;

  [[nodiscard]] std::size_t size() const { return sessions_.size(); }
  [[nodiscard]] std::size_t handle_count() const { return handles_.size(); }
  [[nodiscard]] std::vector<std::uint64_t> ids() const;

 private:
  void unschedule(std::uint64_t id);

  std::unordered_map<std::uint64_t, std::unique_ptr<Session>> sessions_;
  std::unordered_map<HandleId, Handle*> handles_;
  std::set<std::pair<Time, std::uint64_t>> agenda_;
  std::unordered_map<std::uint64_t, Time> noted_;
};

}  // namespace cardea::session
