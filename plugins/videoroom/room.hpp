// A room: who is in it, and what they are told of each other.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <cardea/sdk/json.hpp>

#include "plugins/videoroom/publisher.hpp"
#include "plugins/videoroom/recording.hpp"
#include "plugins/videoroom/room_options.hpp"

namespace cardea::videoroom {

class RoomRegistry;
class Subscriber;

/// Clients' participants and subscribers belong to their handles, and leave the room before they
/// end; dummy and remote publishers belong to the room.
class Room {
 public:
  Room(RoomRegistry& rooms, Id number, RoomOptions chosen);
  ~Room();
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  const Id id;
  RoomOptions options;
  const std::shared_ptr<RecordingBudget> recording_budget;

  /// How often somebody began to talk.
  std::uint64_t talks = 0;

  [[nodiscard]] RoomRegistry& rooms() const { return rooms_; }
  [[nodiscard]] const sdk::FeatureHost& host() const;
  [[nodiscard]] const std::map<Id, Publisher*>& publishers() const { return publishers_; }
  [[nodiscard]] const std::set<Subscriber*>& subscribers() const { return subscribers_; }
  /// Null when nobody has that id.
  [[nodiscard]] Publisher* find(const Id& publisher) const;
  [[nodiscard]] bool has_private_id(std::uint64_t private_id) const;
  /// Clients with a connection, up or under way.
  [[nodiscard]] std::size_t publishing() const;
  /// An id that nobody has.
  [[nodiscard]] Id free_id() const;

  void enter(Publisher& publisher) { publishers_.emplace(publisher.id, &publisher); }
  void leave(const Publisher& publisher) { publishers_.erase(publisher.id); }
  void enter(Subscriber& subscriber) { subscribers_.insert(&subscriber); }
  void leave(Subscriber& subscriber) { subscribers_.erase(&subscriber); }
  /// Takes a dummy or remote publisher in, which has published already.
  Publisher& host_guest(std::unique_ptr<Publisher> guest);
  /// Ends a remote publisher.
  void remove_guest(Publisher& guest);
  /// Empties the room at once: who still belongs to it leaves without a word to anybody.
  void close();

  /// Tells all participants but `except` (or null).
  void tell(const Json& event, const Publisher* except) const;

  /// The publisher is connected: the others can subscribe to it.
  void announce(const Publisher& publisher) const;
  /// The publisher's streams have changed by a renegotiation.
  void renegotiated(Publisher& publisher) const;
  /// Ends what the publisher sends: subscriptions to it, its part in the room's lists.
  void unpublish(Publisher& publisher) const;
  /// Makes what subscribers get of the publisher follow its streams' settings.
  void refresh_routes(const Publisher& publisher) const;

 private:
  RoomRegistry& rooms_;
  std::map<Id, Publisher*> publishers_;
  std::set<Subscriber*> subscribers_;
  std::vector<std::unique_ptr<Publisher>> guests_;
};

}  // namespace cardea::videoroom
