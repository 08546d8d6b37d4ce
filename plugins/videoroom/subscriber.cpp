#include "plugins/videoroom/subscriber.hpp"

#include <algorithm>

#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/handle.hpp"
#include "plugins/videoroom/room.hpp"

namespace cardea::videoroom {

namespace {

std::int32_t layer(const Json& wish, const char* name, const char* svc_name, std::int32_t before) {
  return static_cast<std::int32_t>(wish[name].as_int(wish[svc_name].as_int(before)));
}

/// Whether one entry of `unsubscribe` means this stream.
bool means(const Json& entry, const SubscribedStream& stream) {
  if (const Json sub_mid = entry["sub_mid"]) {
    return sub_mid.as_text() == stream.mid();
  }
  const Json mid = entry["mid"];
  return entry["feed"].as_uint() == stream.feed && (!mid || mid.as_text() == stream.feed_mid);
}

}  // namespace

SubscribedStream* Subscriber::find(std::string_view mid) {
  const auto found = std::find_if(streams_.begin(), streams_.end(),
                                  [&](const SubscribedStream& s) { return s.mid() == mid; });
  return found == streams_.end() ? nullptr : &*found;
}

Result<void> Subscriber::check(const Json& wanted, std::size_t max) const {
  std::size_t lines = 0;
  for (const SubscribedStream& stream : streams_) {
    lines += stream.active() ? 1 : 0;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Json entry = wanted.at(i);
    const Publisher* source = room_.find(entry["feed"].as_uint());
    if (source == nullptr || !source->up) {
      return no_such_feed(entry["feed"].as_uint());
    }
    const Json mid = entry["mid"];
    if (mid && source->find(mid.as_text()) == nullptr) {
      return error(kNoSuchFeed, "No such mid '" + mid.text_or() + "' in feed (" +
                                    std::to_string(source->id) + ")");
    }
    lines += mid ? 1 : source->streams.size();
  }
  if (lines > max) {
    return error(kInvalidElement,
                 "More than " + std::to_string(max) + " streams in a subscription");
  }
  return {};
}

bool Subscriber::add(const Json& wanted) {
  bool added = false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Json entry = wanted.at(i);
    const Publisher* source = room_.find(entry["feed"].as_uint());
    if (source == nullptr) {
      continue;
    }
    const Json mid = entry["mid"];
    for (const PublishedStream& from : source->streams) {
      if (!from.disabled() && (!mid || mid.as_text() == from.mid)) {
        connect(free_line(from.kind), *source, from, entry);
        added = true;
      }
    }
  }
  return added;
}

bool Subscriber::remove(const Json& unwanted) {
  bool removed = false;
  for (std::size_t i = 0; i < unwanted.size(); ++i) {
    for (SubscribedStream& stream : streams_) {
      if (stream.active() && means(unwanted.at(i), stream)) {
        disconnect(stream);
        removed = true;
      }
    }
  }
  return removed;
}

bool Subscriber::replace(SubscribedStream& stream, const Publisher& source, std::string_view mid) {
  stream.feed = source.id;
  stream.feed_mid = mid;
  const PublishedStream* from = source_of(stream);
  if (from != nullptr && stream.offered_codec == from->codec) {
    make_route(stream);
    return false;
  }
  // The former feed must not go on by a route that moderation no longer finds.
  if (stream.route != 0) {
    handle_.host().route_remove(stream.route);
    stream.route = 0;
  }
  stream.ready = false;
  return true;
}

void Subscriber::pause(bool paused) {
  paused_ = paused;
  for (const SubscribedStream& stream : streams_) {
    apply(stream);
  }
}

void Subscriber::apply(const SubscribedStream& stream) const {
  if (stream.route != 0) {
    handle_.host().route_set(stream.route, settings(stream));
  }
}

void Subscriber::source_changed(const Publisher& source) {
  bool changed = false;
  for (SubscribedStream& stream : streams_) {
    if (stream.feed != source.id) {
      continue;
    }
    const PublishedStream* from = source.find(stream.feed_mid);
    if (stream.offered_codec != (from == nullptr ? "" : from->codec)) {
      stream.ready = false;
      changed = true;
    }
    if (from == nullptr) {
      disconnect(stream);
    }
  }
  if (changed) {
    push_update();
  }
}

void Subscriber::source_gone(std::uint64_t feed) {
  bool changed = false;
  for (SubscribedStream& stream : streams_) {
    if (stream.feed == feed) {
      disconnect(stream);
      changed = true;
    }
  }
  if (changed) {
    push_update();
  }
}

void Subscriber::refresh_routes(std::uint64_t feed) const {
  for (const SubscribedStream& stream : streams_) {
    if (stream.feed == feed) {
      apply(stream);
    }
  }
}

const PublishedStream* Subscriber::source_of(const SubscribedStream& stream) const {
  const Publisher* source = room_.find(stream.feed);
  const PublishedStream* from = source == nullptr ? nullptr : source->find(stream.feed_mid);
  return from == nullptr || from->disabled() ? nullptr : from;
}

SubscribedStream& Subscriber::free_line(cardea_kind_t kind) {
  const auto found = std::find_if(streams_.begin(), streams_.end(), [&](const auto& stream) {
    return !stream.active() && stream.kind == kind;
  });
  if (found != streams_.end()) {
    return *found;
  }
  const auto index = static_cast<std::uint32_t>(streams_.size());
  return streams_.emplace_back(SubscribedStream{.mindex = index, .kind = kind});
}

void Subscriber::connect(SubscribedStream& stream, const Publisher& source,
                         const PublishedStream& from, const Json& wish) {
  stream.feed = source.id;
  stream.feed_mid = from.mid;
  stream.crossrefid = wish["crossrefid"].text_or();
  stream.send = wish["send"].as_bool(true);
  stream.substream = layer(wish, "substream", "spatial_layer", -1);
  stream.temporal = layer(wish, "temporal", "temporal_layer", -1);
  stream.ready = false;
}

void Subscriber::disconnect(SubscribedStream& stream) {
  if (stream.route != 0) {
    handle_.host().route_remove(stream.route);
  }
  stream.feed = 0;
  stream.route = 0;
  stream.feed_mid.clear();
  stream.crossrefid.clear();
  stream.ready = false;
  stream.send = true;
}

void Subscriber::make_route(SubscribedStream& stream) const {
  const Publisher* source = room_.find(stream.feed);
  const PublishedStream* from = source_of(stream);
  if (from == nullptr || from->codec != stream.offered_codec) {
    return;
  }
  stream.route = handle_.host().route_add(source->handle.id(), from->mindex, handle_.id(),
                                          stream.mindex, settings(stream));
  stream.ready = stream.route != 0;
}

cardea_route_settings_t Subscriber::settings(const SubscribedStream& stream) const {
  const PublishedStream* from = source_of(stream);
  const bool flows = !paused_ && stream.send && from != nullptr && from->flows();
  cardea_route_settings_t settings = CARDEA_ROUTE_SETTINGS;
  settings.paused = flows ? 0 : 1;
  settings.substream = stream.substream;
  settings.temporal = stream.temporal;
  return settings;
}

}  // namespace cardea::videoroom
