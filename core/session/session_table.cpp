// Look-ups, and an agenda that activity does not touch.
#include "core/session/session_table.hpp"

#include "core/base/random.hpp"

namespace cardea::session {

Session& SessionTable::add(std::uint64_t id, Time now) {
  return *sessions_.insert_or_assign(id, std::make_unique<Session>(id, now)).first->second;
}

Session* SessionTable::find(std::uint64_t id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second.get();
}

std::unique_ptr<Session> SessionTable::take(std::uint64_t id) {
  auto node = sessions_.extract(id);
  if (node.empty()) {
    return nullptr;
  }
  for (const auto& [handle_id, handle] : node.mapped()->handles) {
    handles_.erase(handle_id);
  }
  unschedule(id);
  return std::move(node.mapped());
}

Handle& SessionTable::add_handle(Session& session, std::unique_ptr<Handle> handle) {
  Handle& added = *handle;
  handles_[added.id] = &added;
  session.handles[added.id] = std::move(handle);
  return added;
}

Handle* SessionTable::find_handle(HandleId id) {
  const auto found = handles_.find(id);
  return found == handles_.end() ? nullptr : found->second;
}

std::unique_ptr<Handle> SessionTable::take_handle(Session& session, HandleId id) {
  auto node = session.handles.extract(id);
  if (node.empty()) {
    return nullptr;
  }
  handles_.erase(id);
  return std::move(node.mapped());
}

std::uint64_t SessionTable::fresh_id() {
  for (;;) {
    const std::uint64_t id = random_id();
    if (!sessions_.contains(id) && !handles_.contains(id)) {
      return id;
    }
  }
}

void SessionTable::schedule(const Session& session, const Settings& settings) {
  const std::optional<Time> deadline = session.deadline(settings);
  if (!deadline) {
    return;
  }
  const auto noted = noted_.find(session.id);
  if (noted != noted_.end()) {
    if (noted->second <= *deadline) {
      return;
    }
    unschedule(session.id);
  }
  noted_[session.id] = *deadline;
  agenda_.emplace(*deadline, session.id);
}

void SessionTable::unschedule(std::uint64_t id) {
  const auto noted = noted_.find(id);
  if (noted != noted_.end()) {
    agenda_.erase({noted->second, id});
    noted_.erase(noted);
  }
}

std::vector<std::uint64_t> SessionTable::take_due(Time now) {
  std::vector<std::uint64_t> due;
  while (!agenda_.empty() && agenda_.begin()->first <= now) {
    due.push_back(agenda_.begin()->second);
    noted_.erase(agenda_.begin()->second);
    agenda_.erase(agenda_.begin());
  }
  return due;
}

std::optional<Time> SessionTable::next_due() const {
  return agenda_.empty() ? std::nullopt : std::optional(agenda_.begin()->first);
}

std::vector<std::uint64_t> SessionTable::ids() const {
  std::vector<std::uint64_t> out;
  out.reserve(sessions_.size());
  for (const auto& [id, session] : sessions_) {
    out.push_back(id);
  }
  return out;
}

}  // namespace cardea::session
