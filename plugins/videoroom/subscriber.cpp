#include "plugins/videoroom/subscriber.hpp"

#include <algorithm>

#include "plugins/videoroom/errors.hpp"
#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/handle.hpp"
#include "plugins/videoroom/room.hpp"

namespace cardea::videoroom {

namespace {

/// Whether one entry of `unsubscribe` means this stream.
bool means(const Json& entry, const SubscribedStream& stream) {
  if (const Json sub_mid = entry["sub_mid"]) {
    return sub_mid.as_text() == stream.mid();
  }
  const Json mid = entry["mid"];
  const Id feed = Id::of(entry["feed"]);
  return feed && feed == stream.feed && (!mid || mid.as_text() == stream.feed_mid);
}

constexpr std::int32_t kMillisecondsPerBlock = 10;

}  // namespace

void take_layers(LayerWish& wish, const Json& from) {
  const auto take = [&](const char* name, const char* svc_name, std::int32_t before) {
    return static_cast<std::int32_t>(from[name].as_int(from[svc_name].as_int(before)));
  };
  wish.substream = take("substream", "spatial_layer", wish.substream);
  wish.temporal = take("temporal", "temporal_layer", wish.temporal);
  wish.fallback_us = static_cast<std::uint32_t>(from["fallback"].as_uint(wish.fallback_us));
}

void take_delays(SubscribedStream& stream, const Json& from) {
  stream.min_delay = static_cast<std::int32_t>(from["min_delay"].as_int(stream.min_delay));
  stream.max_delay = static_cast<std::int32_t>(from["max_delay"].as_int(stream.max_delay));
}

SubscribedStream* Subscriber::find(std::string_view mid) {
  const auto found = std::find_if(streams_.begin(), streams_.end(),
                                  [&](const SubscribedStream& s) { return s.mid() == mid; });
  return found == streams_.end() ? nullptr : &*found;
}

const PublishedStream* Subscriber::source_of(const SubscribedStream& stream) const {
  const Publisher* source = room_.find(stream.feed);
  const PublishedStream* from = source == nullptr ? nullptr : source->find(stream.feed_mid);
  return from == nullptr || from->disabled ? nullptr : from;
}

Result<void> Subscriber::check(const Json& wanted) const {
  std::size_t lines = 0;
  for (const SubscribedStream& stream : streams_) {
    lines += stream.active() ? 1 : 0;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Json entry = wanted.at(i);
    const Id feed = Id::of(entry["feed"]);
    const Publisher* source = room_.find(feed);
    if (source == nullptr || !source->up) {
      return no_such_feed(feed);
    }
    const Json mid = entry["mid"];
    if (mid && source->find(mid.as_text()) == nullptr) {
      return no_such_mid(mid.as_text(), feed);
    }
    lines += mid ? 1 : source->streams.size();
  }
  const std::size_t most = room_.rooms().bounds().streams;
  if (lines > 0 && !room_.rooms().has_place(lines - 1, most, "streams")) {
    return error(kInvalidElement,
                 "More than " + std::to_string(most) + " streams in a subscription");
  }
  return {};
}

bool Subscriber::add(const Json& wanted) {
  bool offer_needed = false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Json entry = wanted.at(i);
    const Publisher* source = room_.find(Id::of(entry["feed"]));
    if (source == nullptr) {
      continue;
    }
    const Json mid = entry["mid"];
    for (const PublishedStream& from : source->streams) {
      if (from.disabled || (mid && mid.as_text() != from.mid)) {
        continue;
      }
      if (from.kind == CARDEA_DATA) {
        offer_needed = add_data(*source, from) || offer_needed;
      } else {
        connect(free_line(from.kind), *source, from, entry);
        offer_needed = true;
      }
    }
  }
  return offer_needed;
}

bool Subscriber::remove(const Json& unwanted) {
  bool offer_needed = false;
  for (std::size_t i = 0; i < unwanted.size(); ++i) {
    for (SubscribedStream& stream : streams_) {
      if (stream.kind == CARDEA_DATA) {
        remove_data(stream, unwanted.at(i));
      } else if (stream.active() && means(unwanted.at(i), stream)) {
        disconnect(stream);
        offer_needed = true;
      }
    }
  }
  return offer_needed;
}

bool Subscriber::replace(SubscribedStream& stream, const Publisher& source, std::string_view mid) {
  stream.feed = source.id;
  stream.feed_mid = mid;
  stream.substream = stream.temporal = -1;
  const PublishedStream* from = source_of(stream);
  if (from != nullptr && stream.offered_codec == from->codec) {
    make_routes(stream);
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
  const auto set = [&](cardea_route_t route, const cardea_route_settings_t& wanted) {
    if (route != 0) {
      handle_.host().route_set(route, wanted);
    }
  };
  set(stream.route, settings(stream));
  for (const DataSource& each : stream.sources) {
    const Publisher* source = room_.find(each.feed);
    cardea_route_settings_t wanted = CARDEA_ROUTE_SETTINGS;
    wanted.paused = flows(stream, source == nullptr ? nullptr : source->find(each.mid)) ? 0 : 1;
    set(each.route, wanted);
  }
}

void Subscriber::layer_changed(std::uint32_t mline, std::int32_t substream, std::int32_t temporal) {
  if (mline >= streams_.size()) {
    return;
  }
  SubscribedStream& stream = streams_[mline];
  const PublishedStream* from = source_of(stream);
  const bool svc = from != nullptr && from->svc;
  const auto tell = [&](const char* what, std::int32_t now, std::int32_t& before) {
    if (now >= 0 && now != before) {
      before = now;
      handle_.event(events::base(room_.id).set("mid", stream.mid()).set(what, now));
    }
  };
  tell(svc ? "spatial_layer" : "substream", substream, stream.substream);
  tell(svc ? "temporal_layer" : "temporal", temporal, stream.temporal);
}

void Subscriber::source_changed(const Publisher& source) {
  bool changed = false;
  for (SubscribedStream& stream : streams_) {
    if (stream.kind == CARDEA_DATA || stream.feed != source.id) {
      continue;
    }
    // As in Janus one that is held back keeps its m-line, and needs no offer to go on.
    const PublishedStream* from = source.find(stream.feed_mid);
    if (from == nullptr) {
      disconnect(stream);
      changed = true;
    } else if (!from->disabled && from->codec != stream.offered_codec) {
      stream.ready = false;
      changed = true;
    } else {
      apply(stream);
    }
  }
  if (changed) {
    push_update();
  }
}

void Subscriber::source_gone(const Id& feed) {
  bool changed = false;
  for (SubscribedStream& stream : streams_) {
    if (stream.kind == CARDEA_DATA) {
      std::erase_if(stream.sources, [&](const DataSource& each) { return each.feed == feed; });
    } else if (stream.feed == feed) {
      disconnect(stream);
      changed = true;
    }
  }
  if (changed) {
    push_update();
  }
}

void Subscriber::source_moved(const Publisher& source) {
  for (SubscribedStream& stream : streams_) {
    if (stream.feed == source.id && stream.ready) {
      make_routes(stream);
    }
  }
}

void Subscriber::refresh_routes(const Id& feed) const {
  for (const SubscribedStream& stream : streams_) {
    if (stream.kind == CARDEA_DATA || stream.feed == feed) {
      apply(stream);
    }
  }
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
  stream.wish = {};
  take_layers(stream.wish, wish);
  take_delays(stream, wish);
  stream.ready = false;
}

void Subscriber::disconnect(SubscribedStream& stream) {
  if (stream.route != 0) {
    handle_.host().route_remove(stream.route);
  }
  SubscribedStream fresh{.mindex = stream.mindex, .kind = stream.kind};
  fresh.offered_codec = std::move(stream.offered_codec);
  stream = std::move(fresh);
}

void Subscriber::make_routes(SubscribedStream& stream) const {
  const Publisher* source = room_.find(stream.feed);
  const PublishedStream* from = source_of(stream);
  if (from == nullptr || from->codec != stream.offered_codec) {
    return;
  }
  // A dummy's stream is ready without media.
  stream.route = source->source == 0
                     ? 0
                     : handle_.host().route_add(source->source, from->line, handle_.id(),
                                                stream.mindex, settings(stream));
  stream.ready = stream.route != 0 || source->source == 0;
}

bool Subscriber::flows(const SubscribedStream& stream, const PublishedStream* from) const {
  return !paused_ && stream.send && from != nullptr && from->flows();
}

cardea_route_settings_t Subscriber::settings(const SubscribedStream& stream) const {
  const PublishedStream* from = source_of(stream);
  cardea_route_settings_t settings = CARDEA_ROUTE_SETTINGS;
  settings.paused = flows(stream, from) ? 0 : 1;
  settings.substream = stream.wish.substream;
  settings.temporal = stream.wish.temporal;
  settings.fallback_us = stream.wish.fallback_us;
  const auto delay = [&](std::int32_t own, std::int32_t publishers) {
    const std::int32_t blocks = own >= 0 ? own : publishers;
    return blocks < 0 ? -1 : blocks * kMillisecondsPerBlock;
  };
  if (from != nullptr && room_.options.playoutdelay_ext) {
    settings.min_delay_ms = delay(stream.min_delay, from->min_delay);
    settings.max_delay_ms = delay(stream.max_delay, from->max_delay);
  }
  return settings;
}

}  // namespace cardea::videoroom
