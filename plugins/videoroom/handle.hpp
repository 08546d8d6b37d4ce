// One client at VideoRoom: nobody yet, a publisher, or a subscriber.
#pragma once

#include <memory>

#include <cardea/sdk/plugin.hpp>

#include "plugins/videoroom/config.hpp"
#include "plugins/videoroom/publisher.hpp"
#include "plugins/videoroom/requests/table.hpp"
#include "plugins/videoroom/room_registry.hpp"
#include "plugins/videoroom/subscriber.hpp"

namespace cardea::videoroom {

class RoomHandle final : public sdk::Handle {
 public:
  using Plugin = RoomRegistry;

  RoomHandle(RoomRegistry& rooms, cardea_handle_t id) : Handle(rooms, id), rooms_(rooms) {}
  ~RoomHandle() override;

  void on_media_up() override;
  void on_media_down(std::string_view reason) override;
  void on_media(const cardea_media_event_t& event) override;
  [[nodiscard]] Json describe() const override;

  [[nodiscard]] RoomRegistry& rooms() const { return rooms_; }
  /// Null unless the client is in a room as that. After leaving the handle keeps its role, and
  /// requests of that role get NoSuchRoom.
  [[nodiscard]] Publisher* publisher() const { return publisher_.get(); }
  [[nodiscard]] Subscriber* subscriber() const { return subscriber_.get(); }

  Publisher& become_publisher(Room& room, Id number);
  Subscriber& become_subscriber(Room& room, SubscriberOptions options);

  /// Ends what the publisher sends and its connection; it stays in the room.
  void unpublish();
  /// Takes the client out of its room. A publisher's room hears `told` (or nothing when absent).
  void leave(const Json& told);

  static constexpr sdk::FeatureInfo kFeature = kFeatureInfo;
  static constexpr std::span<const sdk::Operation<RoomHandle>> kOperations = requests::kTable;

 private:
  void talking(const cardea_media_event_t& event);

  RoomRegistry& rooms_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<Subscriber> subscriber_;
};

}  // namespace cardea::videoroom
