#include "plugins/videoroom/handle.hpp"

#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/ids.hpp"
#include "plugins/videoroom/room.hpp"

namespace cardea::videoroom {

namespace {

constexpr std::string_view kLeft = "Left the room";
constexpr std::string_view kUnpublished = "Unpublished";

Json leaving(const Publisher& publisher) {
  return events::base(publisher.room.id).set("leaving", publisher.id);
}

}  // namespace

RoomHandle::~RoomHandle() {
  if (publisher_) {
    leave(leaving(*publisher_));
  } else {
    leave(Json());
  }
}

void RoomHandle::on_media_up() {
  if (publisher_ && publisher_->published && !publisher_->up) {
    publisher_->up = true;
    publisher_->room.announce(*publisher_);
  }
}

void RoomHandle::on_media_down(std::string_view) {
  if (publisher_) {
    publisher_->room.unpublish(*publisher_);
  } else if (subscriber_) {
    leave(Json());
  }
}

Json RoomHandle::describe() const {
  Json out = Json::object();
  if (publisher_) {
    out.set("type", "publisher")
        .set("room", publisher_->room.id)
        .set("id", publisher_->id)
        .set("streams", events::streams(*publisher_));
  } else if (subscriber_) {
    out.set("type", "subscriber")
        .set("room", subscriber_->room().id)
        .set("streams", events::subscription(*subscriber_));
  } else {
    out.set("type", "none");
  }
  return out;
}

Publisher& RoomHandle::become_publisher(Room& room, std::uint64_t id) {
  publisher_ = std::make_unique<Publisher>(*this, room, id);
  publisher_->private_id = random_private_id();
  publisher_->bitrate = room.options.bitrate;
  room.enter(*publisher_);
  host().set_role(this->id(), requests::kPublisher);
  host().place(this->id(), room.id);
  return *publisher_;
}

Subscriber& RoomHandle::become_subscriber(Room& room, SubscriberOptions options) {
  subscriber_ = std::make_unique<Subscriber>(*this, room, options);
  room.enter(*subscriber_);
  host().set_role(id(), requests::kSubscriber);
  host().place(id(), room.id);
  return *subscriber_;
}

void RoomHandle::unpublish() {
  publisher_->room.unpublish(*publisher_);
  host().hangup(id(), kUnpublished);
}

void RoomHandle::leave(const Json& told) {
  if (publisher_) {
    Room& room = publisher_->room;
    const bool connected = publisher_->published;
    room.unpublish(*publisher_);
    room.leave(*publisher_);
    if (told) {
      room.tell(told, nullptr);
    }
    publisher_.reset();
    if (connected) {
      host().hangup(id(), kLeft);
    }
  }
  if (subscriber_) {
    subscriber_->room().leave(*subscriber_);
    subscriber_.reset();
    host().hangup(id(), kLeft);
  }
}

}  // namespace cardea::videoroom
