#include "plugins/videoroom/handle.hpp"

#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/loudest.hpp"
#include "plugins/videoroom/recording.hpp"
#include "plugins/videoroom/room.hpp"

namespace cardea::videoroom {

namespace {

constexpr std::string_view kClosed = "Close PC";  // Janus's reason when a plugin ends a connection

Json published(const Publisher& publisher) {
  Json out = Json::object({{"event", "published"},
                           {"room", publisher.room.id},
                           {"id", publisher.id},
                           {"streams", events::streams(publisher)}});
  if (publisher.display) {
    out.set("display", *publisher.display);
  }
  return out;
}

}  // namespace

RoomHandle::~RoomHandle() {
  leave(publisher_ ? events::base(publisher_->room.id).set("leaving", publisher_->id) : Json());
}

void RoomHandle::on_media_up() {
  if (publisher_ && publisher_->published && !publisher_->up) {
    publisher_->up = true;
    publisher_->room.announce(*publisher_);
    follow_recording(*publisher_);
    rooms_.notify(id(), published(*publisher_));
  } else if (subscriber_) {
    rooms_.notify(id(), Json::object({{"event", "subscribed"}, {"room", subscriber_->room().id}}));
  }
}

void RoomHandle::on_media_down(std::string_view) {
  if (publisher_) {
    publisher_->room.unpublish(*publisher_);
  } else if (subscriber_) {
    leave(Json());
  }
}

void RoomHandle::on_media(const cardea_media_event_t& event) {
  if (event.type == CARDEA_MEDIA_LAYER && subscriber_) {
    subscriber_->layer_changed(event.mline, static_cast<std::int32_t>(event.value), event.temporal);
  } else if (event.type == CARDEA_MEDIA_TALKING && publisher_) {
    talking(event);
  }
}

void RoomHandle::talking(const cardea_media_event_t& event) {
  for (PublishedStream& stream : publisher_->streams) {
    if (stream.line != event.mline || stream.talking == (event.value != 0)) {
      continue;
    }
    stream.talking = event.value != 0;
    Room& room = publisher_->room;
    if (stream.talking) {
      note_talk(room, stream);
    }
    choose_heard(room);
    if (room.options.audiolevel_event) {
      const Json told = events::talking(*publisher_, stream, event.level);
      room.tell(told, nullptr);
      rooms_.notify(id(), told);
    }
  }
}

Json RoomHandle::describe() const {
  Json out = Json::object();
  if (publisher_) {
    out.set("type", "publisher")
        .set("room", publisher_->room.id)
        .set("id", publisher_->id)
        .set("private_id", publisher_->private_id)
        .set("bitrate", publisher_->bitrate())
        .set("recording", !publisher_->recordings.empty())
        .set("streams", events::streams(*publisher_));
    if (publisher_->display) {
      out.set("display", *publisher_->display);
    }
  } else if (subscriber_) {
    out.set("type", "subscriber")
        .set("room", subscriber_->room().id)
        .set("streams", events::subscription(*subscriber_));
  } else {
    out.set("type", "none");
  }
  return out;
}

Publisher& RoomHandle::become_publisher(Room& room, Id number) {
  publisher_ = std::make_unique<Publisher>(room, std::move(number), this);
  publisher_->private_id = random_private_id();
  publisher_->record = room.options.record;
  room.enter(*publisher_);
  host().set_role(id(), requests::kPublisher);
  host().place(id(), room.id.hash());
  return *publisher_;
}

Subscriber& RoomHandle::become_subscriber(Room& room, SubscriberOptions options) {
  subscriber_ = std::make_unique<Subscriber>(*this, room, options);
  room.enter(*subscriber_);
  host().set_role(id(), requests::kSubscriber);
  host().place(id(), room.id.hash());
  return *subscriber_;
}

void RoomHandle::unpublish() {
  publisher_->room.unpublish(*publisher_);
  host().hangup(id(), kClosed);
}

void RoomHandle::leave(const Json& told) {
  if (publisher_) {
    Room& room = publisher_->room;
    const bool connected = publisher_->published;
    room.unpublish(*publisher_);
    room.leave(*publisher_);
    if (told) {
      room.tell(told, nullptr);
      const char* event = told.has("kicked") ? "kicked" : "leaving";
      rooms_.notify(0, Json::object({{"event", event}, {"room", room.id}, {"id", publisher_->id}}));
    }
    publisher_.reset();
    if (connected) {
      host().hangup(id(), kClosed);
    }
  }
  if (subscriber_) {
    subscriber_->room().leave(*subscriber_);
    subscriber_.reset();
    host().hangup(id(), kClosed);
  }
}

}  // namespace cardea::videoroom
