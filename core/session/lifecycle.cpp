// Sessions and handles: made, claimed, ended.
#include "core/session/lifecycle.hpp"

#include <cardea/sdk/text.hpp>

#include "core/session/delivery.hpp"
#include "core/session/errors.hpp"
#include "core/session/replies.hpp"
#include "core/session/telling.hpp"

namespace cardea::session {
namespace {

Error limit(Context& context, const char* name, std::string text) {
  context.counters.limit_hit(name);
  return {std::move(text), kErrorUnknown};
}

void show_counts(Context& context) {
  context.counters.sessions(context.sessions.size());
  context.counters.handles(context.sessions.handle_count());
}

/// Gives the session to a client that pushes, or to whoever polls.
Result<void> take_over(Context& context, Session& session, ClientId client) {
  Client* taker = context.clients.find(client);
  if (taker == nullptr || !taker->info.pushes) {
    session.transport = client.transport;
    session.owner.reset();
    session.polled = true;
    return {};
  }
  const Limits& limits = context.settings.limits;
  if (limits.enabled && !taker->info.inner && !taker->sessions.contains(session.id) &&
      taker->sessions.size() >= limits.sessions_per_client) {
    return limit(context, "sessions_per_client", "Too many sessions on this connection");
  }
  taker->sessions.insert(session.id);
  session.transport = client.transport;
  session.owner = client;
  session.polled = false;
  return {};
}

void leave_owner(Context& context, Session& session) {
  if (session.owner) {
    if (Client* client = context.clients.find(*session.owner); client != nullptr) {
      client->sessions.erase(session.id);
    }
    session.owner.reset();
  }
}

// The handle is out of the table already, so the feature's calls for it find nothing.
void finish(Context& context, Handle& handle) {
  handle.feature.detach(handle.object);
  if (handle.negotiation.has_peer()) {
    tell_connection_down(context, handle, "Detach");
  }
  tell_handle(context, handle, "detached");
  handle.negotiation.close();
  context.requests.remove_all(handle);
}

}  // namespace

Result<Session*> create_session(Context& context, ClientId client, std::uint64_t wanted) {
  if (context.draining || !context.admin.accepting) {
    return Error{"Currently not accepting new sessions", kErrorNotAcceptingSessions};
  }
  if (wanted != 0 && context.sessions.find(wanted) != nullptr) {
    return Error{"Session ID already in use", kErrorSessionConflict};
  }
  if (context.sessions.size() >= context.settings.limits.sessions) {
    return limit(context, "sessions", "Too many sessions");
  }
  const std::uint64_t id = wanted != 0 ? wanted : context.sessions.fresh_id();
  Session& session = context.sessions.add(id, context.clock());
  const Client* creator = context.clients.find(client);
  session.inner = creator != nullptr && creator->info.inner;
  if (auto taken = take_over(context, session, client); !taken) {
    context.sessions.take(id);
    return taken.error();
  }
  context.sessions.schedule(session, context.settings);
  show_counts(context);
  context.logger.debug("session {} created", id);
  tell_session_created(context, id, client);
  return &session;
}

Result<void> claim_session(Context& context, Session& session, ClientId client) {
  if (session.inner) {
    return Error{"No such session " + std::to_string(session.id), kErrorSessionNotFound};
  }
  const std::optional<ClientId> before = session.owner;
  if (auto taken = take_over(context, session, client); !taken) {
    return taken;
  }
  if (before && before != session.owner) {
    if (Client* old = context.clients.find(*before); old != nullptr) {
      old->sessions.erase(session.id);
    }
  }
  session.claim_until.reset();
  end_poll(context, session);
  // What came while nobody listened; after the answer to the claim.
  while (session.owner && session.has_events()) {
    context.events.emplace_back(session.id, session.take_one());
  }
  return {};
}

void end_session(Context& context, std::uint64_t id, std::string_view event) {
  Session* found = context.sessions.find(id);
  if (found == nullptr) {
    return;
  }
  tell_session_over(context, id, event);
  end_poll(context, *found);
  leave_owner(context, *found);
  const std::unique_ptr<Session> session = context.sessions.take(id);
  for (const auto& [handle_id, handle] : session->handles) {
    finish(context, *handle);
  }
  show_counts(context);
  context.logger.debug("session {} ended", id);
}

void time_out_session(Context& context, std::uint64_t id) {
  Session* session = context.sessions.find(id);
  if (session == nullptr) {
    return;
  }
  deliver(context, *session, timeout_event(id));
  serve_poll(context, *session);
  end_session(context, id, "timeout");
}

void orphan_session(Context& context, std::uint64_t id) {
  Session* session = context.sessions.find(id);
  if (session == nullptr) {
    return;
  }
  session->owner.reset();
  if (context.settings.reclaim_timeout <= Duration::zero()) {
    end_session(context, id, "timeout");
    return;
  }
  session->claim_until = context.clock() + context.settings.reclaim_timeout;
  context.sessions.schedule(*session, context.settings);
}

Result<Handle*> attach_handle(Context& context, Session& session, FeaturePort& feature,
                              const Attachment& attachment) {
  const Limits& limits = context.settings.limits;
  if (limits.enabled && session.handles.size() >= limits.handles_per_session) {
    return limit(context, "handles_per_session", "Too many handles in this session");
  }
  const HandleId id = context.sessions.fresh_id();
  Handle& handle = context.sessions.add_handle(
      session,
      std::make_unique<Handle>(id, session.id, feature, attachment.plugin, context.engine));
  handle.opaque_id = attachment.opaque_id;
  handle.created = context.clock();
  handle.principal = attachment.principal;
  handle.object = feature.attach(id);
  if (handle.object == nullptr) {
    context.requests.remove_all(handle);
    context.sessions.take_handle(session, id);
    return Error{"Couldn't attach to plugin '" + sdk::echoed(attachment.plugin) + "'",
                 kErrorPluginAttach};
  }
  show_counts(context);
  tell_handle(context, handle, "attached");
  return &handle;
}

void end_handle(Context& context, Session& session, HandleId id) {
  const std::unique_ptr<Handle> handle = context.sessions.take_handle(session, id);
  if (handle != nullptr) {
    finish(context, *handle);
    show_counts(context);
  }
}

void hang_up(Context& context, Handle& handle, std::string_view reason) {
  if (handle.negotiation.has_peer() || handle.negotiation.offering()) {
    context.downs.emplace_back(handle.id, reason);
  }
  handle.negotiation.close();
}

void announce_down(Context& context, HandleId id, const std::string& reason) {
  Handle* handle = context.sessions.find_handle(id);
  if (handle == nullptr) {
    return;
  }
  context.post(handle->session,
               handle_event("hangup", handle->session, id, Json::object({{"reason", reason}})));
  tell_connection_down(context, *handle, reason);
  handle->candidates = 0;
  handle->up = false;
  handle->dump.reset();
  handle->hung_up = true;
  cardea_media_event_t event{};
  event.size = sizeof event;
  event.type = CARDEA_MEDIA_DOWN;
  event.text = {reason.data(), reason.size()};
  handle->feature.media(handle->object, event);
}

}  // namespace cardea::session
