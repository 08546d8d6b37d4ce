// What the media engine tells: to clients, features and event handlers.
#include "core/session/api.hpp"
#include "core/session/context.hpp"
#include "core/session/lifecycle.hpp"
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

/// The handle whose peer this is; null when either is gone.
Handle* connected(Context& context, media::PeerId peer) {
  Handle* handle = context.sessions.find_handle(peer);
  return handle != nullptr && handle->negotiation.has_peer() ? handle : nullptr;
}

/// To the feature alone.
void tell_feature(Context& context, media::LineRef line, cardea_media_event_t event) {
  const Turn turn(context);
  if (const Handle* handle = connected(context, line.peer); handle != nullptr) {
    event.mline = line.line;
    handle->feature.media(handle->object, event);
  }
}

const char* media_word(const Handle& handle, std::uint32_t line) {
  return handle.negotiation.mlines().data()[line].kind == CARDEA_AUDIO ? "audio" : "video";
}

}  // namespace

void Api::tell_stats() {
  if (!context_->bus.wanted(event::Kind::Media)) {
    return;
  }
  for (const std::uint64_t session : context_->sessions.ids()) {
    for (const auto& [id, handle] : context_->sessions.find(session)->handles) {
      if (!handle->negotiation.has_peer()) {
        continue;
      }
      context_->engine.query_peer(id,
                                  [this, peer = id](const std::optional<media::PeerStats>& stats) {
                                    const Handle* asked = connected(*context_, peer);
                                    if (asked != nullptr && stats) {
                                      session::tell_stats(*context_, *asked, *stats);
                                    }
                                  });
    }
  }
}

void Api::path_up(media::PeerId peer, const Address& remote) {
  if (const Handle* handle = connected(*context_, peer); handle != nullptr) {
    tell_path_up(*context_, *handle, remote);
  }
}

void Api::peer_up(media::PeerId peer) {
  const Turn turn(*context_);
  Handle* handle = connected(*context_, peer);
  if (handle == nullptr) {
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
  Handle* handle = connected(*context_, peer);
  if (handle == nullptr) {
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

void Api::data_up(media::LineRef line) {
  tell_feature(*context_, line, media_event(CARDEA_MEDIA_DATA_UP));
}

void Api::data_room(media::LineRef line) {
  tell_feature(*context_, line, media_event(CARDEA_MEDIA_DATA_ROOM));
}

void Api::data_message(media::PeerId peer, const media::DataMessage& message) {
  const Turn turn(*context_);
  const Handle* handle = connected(*context_, peer);
  if (handle == nullptr) {
    return;
  }
  const auto text = [](const std::string& from) { return cardea_str_t{from.data(), from.size()}; };
  handle->feature.data(handle->object,
                       {sizeof(cardea_data_message_t), text(message.label), text(message.protocol),
                        message.binary ? 1 : 0, text(message.payload)});
}

void Api::layer_changed(media::LineRef sink, std::int32_t substream, std::int32_t temporal) {
  cardea_media_event_t event = media_event(CARDEA_MEDIA_LAYER);
  event.value = substream;
  event.temporal = temporal;
  tell_feature(*context_, sink, event);
}

void Api::talking(media::LineRef source, bool talks, double level) {
  cardea_media_event_t event = media_event(CARDEA_MEDIA_TALKING);
  event.value = talks ? 1 : 0;
  event.level = level;
  tell_feature(*context_, source, event);
}

}  // namespace cardea::session
