// A subscription: one connection on which a client gets streams of any publishers of a room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/plugin.hpp>

#include "plugins/videoroom/stream.hpp"

namespace cardea::videoroom {

class Room;
class RoomHandle;
struct Publisher;

struct SubscriberOptions {
  bool autoupdate = true;  ///< an offer is made when a source comes or goes
  bool use_msid = false;   ///< the msid names the publisher
  bool e2ee = false;
};

class Subscriber {
 public:
  /// @param handle outlives this.
  Subscriber(RoomHandle& handle, Room& room, SubscriberOptions options)
      : handle_(handle), room_(room), options_(options) {}

  [[nodiscard]] RoomHandle& handle() const { return handle_; }
  [[nodiscard]] Room& room() const { return room_; }
  [[nodiscard]] std::vector<SubscribedStream>& streams() { return streams_; }
  [[nodiscard]] const std::vector<SubscribedStream>& streams() const { return streams_; }
  /// Null when there is no such m-line.
  SubscribedStream* find(std::string_view mid);
  /// Where a stream's media comes from; null when it is inactive or its source sends nothing.
  [[nodiscard]] const PublishedStream* source_of(const SubscribedStream& stream) const;

  /// Checks a list of {feed, mid?, ...}; nothing changes.
  [[nodiscard]] Result<void> check(const Json& wanted) const;
  /// Adds what a checked list names, on free m-lines of the kind first. Sources that are disabled
  /// are left out. @returns whether the m-lines must be offered again.
  bool add(const Json& wanted);
  /// Frees the m-lines that a list of {feed, mid?} or {sub_mid} names. @returns as add().
  bool remove(const Json& unwanted);
  /// Puts another source on an m-line. @returns whether the m-line must be offered again.
  bool replace(SubscribedStream& stream, const Publisher& source, std::string_view mid);

  /// Sends `body` with an offer of all m-lines; while an earlier offer is unanswered it is kept for
  /// later and the client is told "updating".
  /// @param request 0: nobody asked.
  Result<void> offer(cardea_request_id_t request, const Json& body, bool restart = false);
  /// {"videoroom":"updated", ...}
  [[nodiscard]] Json updated() const;
  /// Takes the answer that came with the request; media flows from then on.
  Result<void> accept(cardea_request_id_t request);
  /// Makes the offer that had to wait for an answer, if any.
  void offer_what_waited();

  void pause(bool paused);
  /// A stream's own settings have changed.
  void apply(const SubscribedStream& stream) const;
  /// Another layer is being sent: the client is told.
  void layer_changed(std::uint32_t mline, std::int32_t substream, std::int32_t temporal);

  // From the room.
  void source_changed(const Publisher& source);
  void source_gone(const Id& feed);
  /// Its media comes by another way now.
  void source_moved(const Publisher& source);
  void refresh_routes(const Id& feed) const;

 private:
  SubscribedStream& free_line(cardea_kind_t kind);
  // True when the line is new.
  bool add_data(const Publisher& source, const PublishedStream& from);
  void connect(SubscribedStream& stream, const Publisher& source, const PublishedStream& from,
               const Json& wish);
  void disconnect(SubscribedStream& stream);
  bool remove_data(SubscribedStream& stream, const Json& entry);
  void make_routes(SubscribedStream& stream) const;
  void make_data_routes(SubscribedStream& stream) const;
  [[nodiscard]] bool flows(const SubscribedStream& stream, const PublishedStream* from) const;
  [[nodiscard]] cardea_route_settings_t settings(const SubscribedStream& stream) const;
  [[nodiscard]] sdk::MlinePlan line_plan(const SubscribedStream& stream) const;
  [[nodiscard]] sdk::Plan plan(bool restart) const;
  void push_update();

  RoomHandle& handle_;
  Room& room_;
  SubscriberOptions options_;
  std::vector<SubscribedStream> streams_;
  bool paused_ = false;
  bool offered_ = false;  ///< an offer is unanswered
  bool waiting_ = false;  ///< another must follow it
  bool waiting_restart_ = false;
};

/// Takes the layers that a request or an entry of its "streams" wishes; SVC's names count as well.
void take_layers(LayerWish& wish, const Json& from);
void take_delays(SubscribedStream& stream, const Json& from);

}  // namespace cardea::videoroom
