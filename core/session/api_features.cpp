// What features ask for.
#include "core/session/api.hpp"
#include "core/session/context.hpp"
#include "core/session/credentials.hpp"
#include "core/session/lifecycle.hpp"
#include "core/session/operation.hpp"
#include "core/session/replies.hpp"
#include "core/session/telling.hpp"

namespace cardea::session {

void Api::reply(cardea_request_id_t request, std::string_view body) {
  PendingRequest* pending = context_->requests.find(request);
  if (pending == nullptr) {
    return;
  }
  pending->reply = feature_json(body);
  if (!pending->reply) {
    context_->logger.error("a plugin replied with something that is no JSON object");
  }
}

int Api::event(HandleId id, cardea_request_id_t request, std::string_view body,
               const cardea_jsep_plan_t* plan) {
  const Turn turn(*context_, Turn::Scope::Downcall);
  Handle* handle = context_->sessions.find_handle(id);
  if (handle == nullptr) {
    return CARDEA_EVENT_NO_HANDLE;
  }
  Json data = feature_json(body);
  if (!data) {
    context_->logger.error("{} made an event that is no JSON object", handle->plugin);
    return CARDEA_EVENT_BAD_PLAN;
  }
  Json jsep;
  if (plan != nullptr) {
    const bool had_peer = handle->negotiation.has_peer();
    auto made = handle->negotiation.apply(*plan, handle->placement);
    if (!made) {
      context_->logger.info("{} handle {}: {}", handle->plugin, id, made.error().message);
      return made.error().code;
    }
    jsep = *std::move(made);
    tell_local_jsep(*context_, *handle, jsep);
    if (!had_peer && handle->negotiation.has_peer()) {
      tell_connecting(*context_, *handle);
    }
  }
  const PendingRequest* pending = context_->requests.find(request);
  const bool own = pending != nullptr && pending->handle == id;
  if (own && plan == nullptr) {
    handle->negotiation.discard(request);
  }
  context_->post(handle->session,
                 plugin_event(handle->session, id, own ? pending->transaction : std::string(),
                              handle->plugin, std::move(data), std::move(jsep)));
  return 0;
}

int Api::accept_answer(cardea_request_id_t request) {
  const PendingRequest* pending = context_->requests.find(request);
  Handle* handle = pending == nullptr ? nullptr : context_->sessions.find_handle(pending->handle);
  if (handle == nullptr) {
    return CARDEA_EVENT_NO_HANDLE;
  }
  const bool had_peer = handle->negotiation.has_peer();
  if (auto accepted = handle->negotiation.accept(request, handle->placement); !accepted) {
    context_->logger.info("{} handle {}: {}", handle->plugin, handle->id, accepted.error().message);
    return accepted.error().code;
  }
  if (!had_peer) {
    tell_connecting(*context_, *handle);
  }
  return 0;
}

void Api::hangup(HandleId id, std::string_view reason) {
  // No turn of its own: the feature must not be called while it is calling.
  if (Handle* handle = context_->sessions.find_handle(id); handle != nullptr) {
    hang_up(*context_, *handle, reason);
  }
}

void Api::set_role(HandleId id, std::string_view role) {
  if (Handle* handle = context_->sessions.find_handle(id); handle != nullptr) {
    handle->role = role;
  }
}

const cardea_mline_t* Api::mlines(HandleId id, std::size_t& count) {
  const Handle* handle = context_->sessions.find_handle(id);
  const bool any = handle != nullptr && handle->negotiation.has_peer();
  count = any ? handle->negotiation.mlines().size() : 0;
  return any ? handle->negotiation.mlines().data() : nullptr;
}

bool Api::may(HandleId id, cardea_access_t access) const {
  const Handle* handle = context_->sessions.find_handle(id);
  return handle != nullptr && context_->guard.allow(handle->principal, access);
}

void Api::place(HandleId id, std::uint64_t key) {
  if (Handle* handle = context_->sessions.find_handle(id); handle != nullptr) {
    handle->placement = key;
  }
}

bool Api::signs_tokens() const { return !context_->settings.token_secret.empty(); }

bool Api::token_valid(std::string_view token, std::string_view realm, std::string_view word) const {
  return token_is_valid(context_->settings, token, realm, word);
}

event::Subject Api::subject(HandleId id) const {
  const Handle* handle = context_->sessions.find_handle(id);
  return handle == nullptr ? event::Subject() : subject_of(*handle);
}

}  // namespace cardea::session
