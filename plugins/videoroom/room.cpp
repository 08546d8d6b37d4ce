#include "plugins/videoroom/room.hpp"

#include <algorithm>

#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/handle.hpp"
#include "plugins/videoroom/loudest.hpp"
#include "plugins/videoroom/subscriber.hpp"

namespace cardea::videoroom {

Room::Room(RoomRegistry& rooms, Id number, RoomOptions chosen)
    : id(std::move(number)),
      options(std::move(chosen)),
      recording_budget(std::make_shared<RecordingBudget>(rooms.recording_quota())),
      rooms_(rooms) {
  if (options.dummy_publisher) {
    auto dummy = std::make_unique<Publisher>(*this, free_id(), nullptr);
    dummy->dummy = true;
    dummy->display = "Dummy publisher";
    dummy->streams = dummy_streams(options);
    host_guest(std::move(dummy));
  }
}

Room::~Room() = default;

const sdk::FeatureHost& Room::host() const { return rooms_.host(); }

Publisher* Room::find(const Id& publisher) const {
  const auto found = publishers_.find(publisher);
  return found == publishers_.end() ? nullptr : found->second;
}

bool Room::has_private_id(std::uint64_t private_id) const {
  return private_id != 0 &&
         std::any_of(publishers_.begin(), publishers_.end(),
                     [&](const auto& entry) { return entry.second->private_id == private_id; });
}

std::size_t Room::publishing() const {
  return static_cast<std::size_t>(
      std::count_if(publishers_.begin(), publishers_.end(), [](const auto& entry) {
        return entry.second->published && entry.second->handle != nullptr;
      }));
}

Id Room::free_id() const {
  for (;;) {
    Id candidate = random_id(rooms_.text_ids());
    if (find(candidate) == nullptr) {
      return candidate;
    }
  }
}

Publisher& Room::host_guest(std::unique_ptr<Publisher> guest) {
  Publisher& publisher = *guests_.emplace_back(std::move(guest));
  publisher.published = true;
  publisher.up = true;
  enter(publisher);
  return publisher;
}

void Room::remove_guest(Publisher& guest) {
  leave(guest);
  unpublish(guest);
  tell(events::base(id).set("leaving", guest.id), nullptr);
  if (guest.source != 0) {
    host().receiver_remove(guest.source);
  }
  std::erase_if(guests_, [&](const auto& each) { return each.get() == &guest; });
}

void Room::close() {
  for (const auto& guest : guests_) {
    stop_recording(*guest);
    end_forwards(*guest);
    if (guest->source != 0) {
      host().receiver_remove(guest->source);
    }
  }
  publishers_.clear();
  subscribers_.clear();
}

void Room::tell(const Json& event, const Publisher* except) const {
  for (const auto& [number, publisher] : publishers_) {
    if (publisher != except) {
      publisher->tell(event);
    }
  }
}

void Room::announce(const Publisher& publisher) const {
  Json event = events::base(id);
  event.set("publishers", Json::array().push(events::publisher(publisher)));
  tell(event, &publisher);
  choose_heard(*this);
}

void Room::renegotiated(Publisher& publisher) const {
  if (publisher.up) {
    announce(publisher);
  }
  for (Subscriber* subscriber : subscribers_) {
    subscriber->source_changed(publisher);
  }
  update_remotes(publisher);
  follow_recording(publisher);
}

void Room::unpublish(Publisher& publisher) const {
  if (!publisher.published) {
    return;
  }
  stop_recording(publisher);
  end_forwards(publisher);
  publisher.published = false;
  publisher.up = false;
  publisher.streams.clear();
  tell(events::base(id).set("unpublished", publisher.id), &publisher);
  rooms_.notify(0, Json::object({{"event", "unpublished"}, {"room", id}, {"id", publisher.id}}));
  for (Subscriber* subscriber : subscribers_) {
    subscriber->source_gone(publisher.id);
  }
  choose_heard(*this);
}

void Room::refresh_routes(const Publisher& publisher) const {
  for (Subscriber* subscriber : subscribers_) {
    subscriber->refresh_routes(publisher.id);
  }
}

}  // namespace cardea::videoroom
