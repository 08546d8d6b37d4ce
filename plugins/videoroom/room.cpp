#include "plugins/videoroom/room.hpp"

#include <algorithm>

#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/handle.hpp"
#include "plugins/videoroom/subscriber.hpp"

namespace cardea::videoroom {

Publisher* Room::find(std::uint64_t publisher) const {
  const auto found = publishers_.find(publisher);
  return found == publishers_.end() ? nullptr : found->second;
}

bool Room::has_private_id(std::uint64_t private_id) const {
  return std::any_of(publishers_.begin(), publishers_.end(),
                     [&](const auto& entry) { return entry.second->private_id == private_id; });
}

std::size_t Room::publishing() const {
  return static_cast<std::size_t>(
      std::count_if(publishers_.begin(), publishers_.end(),
                    [](const auto& entry) { return entry.second->published; }));
}

void Room::close() {
  publishers_.clear();
  subscribers_.clear();
}

void Room::tell(const Json& event, const Publisher* except) const {
  for (const auto& [number, publisher] : publishers_) {
    if (publisher != except) {
      publisher->handle.event(event);
    }
  }
}

void Room::announce(const Publisher& publisher) const {
  Json event = events::base(id);
  event.set("publishers", Json::array().push(events::publisher(publisher)));
  tell(event, &publisher);
}

void Room::renegotiated(const Publisher& publisher) const {
  if (publisher.up) {
    announce(publisher);
  }
  for (Subscriber* subscriber : subscribers_) {
    subscriber->source_changed(publisher);
  }
}

void Room::unpublish(Publisher& publisher) const {
  if (!publisher.published) {
    return;
  }
  publisher.published = false;
  publisher.up = false;
  publisher.streams.clear();
  Json event = events::base(id);
  event.set("unpublished", publisher.id);
  tell(event, &publisher);
  for (Subscriber* subscriber : subscribers_) {
    subscriber->source_gone(publisher.id);
  }
}

void Room::refresh_routes(const Publisher& publisher) const {
  for (Subscriber* subscriber : subscribers_) {
    subscriber->refresh_routes(publisher.id);
  }
}

}  // namespace cardea::videoroom
