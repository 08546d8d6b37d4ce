// A room: who is in it, and what they are told of each other.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>

#include <cardea/sdk/json.hpp>

#include "plugins/videoroom/publisher.hpp"
#include "plugins/videoroom/room_options.hpp"

namespace cardea::videoroom {

class Subscriber;

/// Participants and subscribers belong to their handles, and leave the room before they end.
class Room {
 public:
  Room(std::uint64_t number, RoomOptions chosen) : id(number), options(std::move(chosen)) {}

  const std::uint64_t id;
  RoomOptions options;

  [[nodiscard]] const std::map<std::uint64_t, Publisher*>& publishers() const {
    return publishers_;
  }
  [[nodiscard]] const std::set<Subscriber*>& subscribers() const { return subscribers_; }
  /// Null when nobody has that id.
  [[nodiscard]] Publisher* find(std::uint64_t publisher) const;
  [[nodiscard]] bool has_private_id(std::uint64_t private_id) const;
  /// Those with a connection, up or under way.
  [[nodiscard]] std::size_t publishing() const;

  void enter(Publisher& publisher) { publishers_.emplace(publisher.id, &publisher); }
  void leave(const Publisher& publisher) { publishers_.erase(publisher.id); }
  void enter(Subscriber& subscriber) { subscribers_.insert(&subscriber); }
  void leave(Subscriber& subscriber) { subscribers_.erase(&subscriber); }
  /// Empties the room at once: who still belongs to it leaves without a word to anybody.
  void close();

  /// Tells all participants but `except` (or null).
  void tell(const Json& event, const Publisher* except) const;

  /// The publisher is connected: the others can subscribe to it.
  void announce(const Publisher& publisher) const;
  /// The publisher's streams have changed by a renegotiation.
  void renegotiated(const Publisher& publisher) const;
  /// Ends what the publisher sends: subscriptions to it, its part in the room's lists.
  void unpublish(Publisher& publisher) const;
  /// Pauses or resumes what subscribers get of the publisher, by its streams' settings.
  void refresh_routes(const Publisher& publisher) const;

 private:
  std::map<std::uint64_t, Publisher*> publishers_;
  std::set<Subscriber*> subscribers_;
};

}  // namespace cardea::videoroom
