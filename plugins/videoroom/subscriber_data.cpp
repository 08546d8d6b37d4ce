// The data m-line of a subscription: one, which carries the messages of any number of publishers.
#include <algorithm>

#include "plugins/videoroom/handle.hpp"
#include "plugins/videoroom/room.hpp"
#include "plugins/videoroom/subscriber.hpp"

namespace cardea::videoroom {

bool Subscriber::add_data(const Publisher& source, const PublishedStream& from) {
  const auto line = std::find_if(streams_.begin(), streams_.end(),
                                 [](const auto& stream) { return stream.kind == CARDEA_DATA; });
  const bool fresh = line == streams_.end();
  SubscribedStream& stream = fresh ? free_line(CARDEA_DATA) : *line;
  const bool there = std::any_of(
      stream.sources.begin(), stream.sources.end(),
      [&](const DataSource& each) { return each.feed == source.id && each.mid == from.mid; });
  if (!there) {
    stream.sources.push_back({source.id, from.mid});
  }
  if (stream.ready) {
    make_data_routes(stream);
  }
  return fresh;
}

bool Subscriber::remove_data(SubscribedStream& stream, const Json& entry) {
  const Json sub_mid = entry["sub_mid"];
  const Json mid = entry["mid"];
  const Id feed = Id::of(entry["feed"]);
  return std::erase_if(stream.sources, [&](const DataSource& each) {
           const bool meant = sub_mid ? sub_mid.as_text() == stream.mid()
                                      : feed == each.feed && (!mid || mid.as_text() == each.mid);
           if (meant && each.route != 0) {
             handle_.host().route_remove(each.route);
           }
           return meant;
         }) > 0;
}

void Subscriber::make_data_routes(SubscribedStream& stream) const {
  for (DataSource& each : stream.sources) {
    const Publisher* source = room_.find(each.feed);
    const PublishedStream* from = source == nullptr ? nullptr : source->find(each.mid);
    if (each.route != 0 || from == nullptr || from->disabled || source->source == 0 ||
        source->remote) {
      continue;
    }
    cardea_route_settings_t settings = CARDEA_ROUTE_SETTINGS;
    settings.paused = flows(stream, from) ? 0 : 1;
    each.route =
        handle_.host().route_add(source->source, from->line, handle_.id(), stream.mindex, settings);
  }
}

}  // namespace cardea::videoroom
