// Delivery, and the end of a turn.
#include "core/session/delivery.hpp"

#include <set>

#include "core/session/lifecycle.hpp"
#include "core/session/replies.hpp"

namespace cardea::session {
namespace {

void send_events(Context& context, std::vector<std::pair<std::uint64_t, std::string>>& events) {
  std::set<std::uint64_t> polled;
  for (auto& [id, text] : events) {
    Session* session = context.sessions.find(id);
    if (session != nullptr) {
      deliver(context, *session, std::move(text));
      polled.insert(id);
    }
  }
  // After all of them, so that one poll takes what one turn made.
  for (const std::uint64_t id : polled) {
    serve_poll(context, *context.sessions.find(id));
  }
}

}  // namespace

void deliver(Context& context, Session& session, std::string text) {
  if (session.owner) {
    context.port.send(*session.owner, text);
    return;
  }
  if (session.enqueue(std::move(text), context.settings.limits.event_queue_bytes)) {
    return;
  }
  context.counters.limit_hit("session_events");
  context.counters.event_dropped();
  if (!session.overflowed) {
    session.overflowed = true;
    context.logger.warn("session {}: nobody reads its events, newer ones are lost", session.id);
  }
}

void serve_poll(Context& context, Session& session) {
  if (session.parked && session.has_events()) {
    end_poll(context, session);
  }
}

void end_poll(Context& context, Session& session) {
  if (!session.parked) {
    return;
  }
  const ParkedPoll poll = *session.parked;
  session.parked.reset();
  session.last_activity = context.clock();
  std::string text = session.take_events(poll.max_events);
  if (text.empty()) {
    text = poll.max_events > 1 ? "[" + keepalive_event() + "]" : keepalive_event();
  }
  context.port.send(poll.client, text);
  context.sessions.schedule(session, context.settings);
}

void run_downs(Context& context) {
  // What a feature does when it hears of a hangup may hang up more; each peer goes down once.
  while (!context.downs.empty()) {
    const auto downs = std::exchange(context.downs, {});
    for (const auto& [handle, reason] : downs) {
      announce_down(context, handle, reason);
    }
  }
}

Turn::~Turn() {
  if (context_.depth == 1) {
    if (scope_ == Scope::Full) {
      run_downs(context_);
    }
    auto events = std::exchange(context_.events, {});
    send_events(context_, events);
  }
  --context_.depth;
}

}  // namespace cardea::session
