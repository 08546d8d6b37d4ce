// A participant of a room: may publish, and hears of the others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <cardea/sdk/plugin.hpp>

#include "plugins/videoroom/room_options.hpp"
#include "plugins/videoroom/stream.hpp"

namespace cardea::videoroom {

class Room;
class RoomHandle;

struct Publisher {
  Publisher(RoomHandle& owner, Room& joined, std::uint64_t number)
      : handle(owner), room(joined), id(number) {}

  RoomHandle& handle;
  Room& room;
  const std::uint64_t id;
  std::uint64_t private_id = 0;
  std::optional<std::string> display;
  std::uint32_t bitrate = 0;
  bool published = false;  ///< has answered an offer
  bool up = false;         ///< its peer is connected: the others know of it
  std::vector<PublishedStream> streams;

  /// Null when there is none.
  PublishedStream* find(std::string_view mid);
  [[nodiscard]] const PublishedStream* find(std::string_view mid) const;
  /// Codec of the first enabled stream of that kind, empty when there is none.
  [[nodiscard]] std::string codec(cardea_kind_t kind) const;
};

/// Which codecs a publisher asks for, before those of its room.
struct CodecWishes {
  std::string audio, video;
};

/// The m-lines of an offer as streams, by the room's codecs, keeping from `before` what the
/// publisher had set of an m-line with the same mid.
std::vector<PublishedStream> offered_streams(const sdk::Request& request,
                                             const RoomOptions& options, const CodecWishes& wishes,
                                             const std::vector<PublishedStream>& before);

/// The plan that answers the offer of these streams.
sdk::Plan answer_for(const sdk::Request& request, const RoomOptions& options,
                     const std::vector<PublishedStream>& streams);

}  // namespace cardea::videoroom
