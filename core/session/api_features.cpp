// What features ask for, and what the media engine tells.
#include "core/session/api.hpp"
#include "core/session/context.hpp"
#include "core/session/credentials.hpp"
#include "core/session/lifecycle.hpp"
#include "core/session/operation.hpp"
#include "core/session/replies.hpp"
#include "core/session/telling.hpp"

namespace cardea::session {
namespace {

cardea_media_event_t media_event(cardea_media_event_type_t type) {
  cardea_media_event_t event{};
  event.size = sizeof event;
  event.type = type;
  event.text = {"", 0};
  return event;
}

/// Adds the m-line's mid, as newer clients want it. False when there is no such m-line.
bool add_mid(const Handle& handle, std::uint32_t line, Json& out) {
  const MlineArray& mlines = handle.negotiation.mlines();
  if (line >= mlines.size()) {
    return false;
  }
  const cardea_str_t mid = mlines.data()[line].mid;
  out.set("mid", std::string_view(mid.data, mid.size));
  return true;
}

const char* media_word(const Handle& handle, std::uint32_t line) {
  return handle.negotiation.mlines().data()[line].kind == CARDEA_AUDIO ? "audio" : "video";
}

void tell_data(Context& context, media::LineRef line, cardea_media_event_type_t type) {
  const Turn turn(context);
  const Handle* handle = context.sessions.find_handle(line.peer);
  if (handle == nullptr || !handle->negotiation.has_peer()) {
    return;
  }
  cardea_media_event_t event = media_event(type);
  event.mline = line.line;
  handle->feature.media(handle->object, event);
}

}  // namespace

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

void Api::tell_stats() {
  if (!context_->bus.wanted(event::Kind::Media)) {
    return;
  }
  for (const std::uint64_t session : context_->sessions.ids()) {
    for (const auto& [id, handle] : context_->sessions.find(session)->handles) {
      if (!handle->negotiation.has_peer()) {
        continue;
      }
      context_->engine.query_peer(
          id, [this, peer = id](const std::optional<media::PeerStats>& stats) {
            const Handle* asked = context_->sessions.find_handle(peer);
            if (asked != nullptr && asked->negotiation.has_peer() && stats) {
              session::tell_stats(*context_, *asked, *stats);
            }
          });
    }
  }
}

void Api::path_up(media::PeerId peer, const Address& remote) {
  const Handle* handle = context_->sessions.find_handle(peer);
  if (handle != nullptr && handle->negotiation.has_peer()) {
    tell_path_up(*context_, *handle, remote);
  }
}

void Api::peer_up(media::PeerId peer) {
  const Turn turn(*context_);
  Handle* handle = context_->sessions.find_handle(peer);
  if (handle == nullptr || !handle->negotiation.has_peer()) {
    return;
  }
  handle->up = true;
  handle->hung_up = false;
  tell_connection_up(*context_, *handle);
  context_->post(handle->session, handle_event("webrtcup", handle->session, peer));
  handle->feature.media(handle->object, media_event(CARDEA_MEDIA_UP));
}

void Api::peer_down(media::PeerId peer, std::string_view reason) {
  const Turn turn(*context_);
  Handle* handle = context_->sessions.find_handle(peer);
  if (handle == nullptr || !handle->negotiation.has_peer()) {
    return;
  }
  handle->negotiation.lost();
  announce_down(*context_, peer, std::string(reason));
}

void Api::media_flow(media::LineRef source, bool receiving) {
  const Turn turn(*context_);
  Handle* handle = context_->sessions.find_handle(source.peer);
  Json more = Json::object();
  if (handle == nullptr || !add_mid(*handle, source.line, more)) {
    return;
  }
  more.set("type", media_word(*handle, source.line)).set("receiving", receiving);
  tell_media_flow(*context_, *handle, source.line, receiving);
  context_->post(handle->session, handle_event("media", handle->session, source.peer, more));
  cardea_media_event_t event = media_event(CARDEA_MEDIA_FLOW);
  event.mline = source.line;
  event.value = receiving ? 1 : 0;
  handle->feature.media(handle->object, event);
}

void Api::slow_link(media::LineRef line, bool uplink, std::uint32_t lost) {
  const Turn turn(*context_);
  Handle* handle = context_->sessions.find_handle(line.peer);
  Json more = Json::object();
  if (handle == nullptr || !add_mid(*handle, line.line, more)) {
    return;
  }
  more.set("media", media_word(*handle, line.line)).set("uplink", uplink).set("lost", lost);
  tell_slow_link(*context_, *handle, line.line, uplink, lost);
  context_->post(handle->session, handle_event("slowlink", handle->session, line.peer, more));
  cardea_media_event_t event = media_event(CARDEA_MEDIA_SLOW);
  event.mline = line.line;
  event.value = lost;
  event.uplink = uplink ? 1 : 0;
  handle->feature.media(handle->object, event);
}

void Api::data_up(media::LineRef line) { tell_data(*context_, line, CARDEA_MEDIA_DATA_UP); }

void Api::data_room(media::LineRef line) { tell_data(*context_, line, CARDEA_MEDIA_DATA_ROOM); }

void Api::data_message(media::PeerId peer, const media::DataMessage& message) {
  const Turn turn(*context_);
  const Handle* handle = context_->sessions.find_handle(peer);
  if (handle == nullptr || !handle->negotiation.has_peer()) {
    return;
  }
  const auto text = [](const std::string& from) { return cardea_str_t{from.data(), from.size()}; };
  handle->feature.data(handle->object,
                       {sizeof(cardea_data_message_t), text(message.label), text(message.protocol),
                        message.binary ? 1 : 0, text(message.payload)});
}

void Api::layer_changed(media::LineRef sink, std::int32_t substream, std::int32_t temporal) {
  const Turn turn(*context_);
  Handle* handle = context_->sessions.find_handle(sink.peer);
  if (handle == nullptr || !handle->negotiation.has_peer()) {
    return;
  }
  cardea_media_event_t event = media_event(CARDEA_MEDIA_LAYER);
  event.mline = sink.line;
  event.value = substream;
  event.temporal = temporal;
  handle->feature.media(handle->object, event);
}

void Api::talking(media::LineRef source, bool talks, double level) {
  const Turn turn(*context_);
  Handle* handle = context_->sessions.find_handle(source.peer);
  if (handle == nullptr || !handle->negotiation.has_peer()) {
    return;
  }
  cardea_media_event_t event = media_event(CARDEA_MEDIA_TALKING);
  event.mline = source.line;
  event.value = talks ? 1 : 0;
  event.level = level;
  handle->feature.media(handle->object, event);
}

}  // namespace cardea::session
