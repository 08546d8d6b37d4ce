// A participant of a room: may publish, and hears of the others.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <cardea/sdk/plugin.hpp>

#include "plugins/videoroom/forwards.hpp"
#include "plugins/videoroom/recording.hpp"
#include "plugins/videoroom/room_options.hpp"
#include "plugins/videoroom/stream.hpp"

namespace cardea::videoroom {

class Room;
class RoomHandle;

/// Where a remote publisher's media comes in.
struct Ear {
  std::string address;     ///< empty: the media address
  std::uint16_t port = 0;  ///< 0: the system chooses
  int srtp_suite = 0;
  std::string srtp_key;
};

/// Most are clients; a dummy sends nothing, a remote one's media comes from another server.
struct Publisher {
  Publisher(Room& joined, Id number, RoomHandle* client);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  Room& room;
  const Id id;
  RoomHandle* const handle;      ///< null: a dummy or remote publisher
  cardea_handle_t source = 0;    ///< whose m-lines the streams are; 0: none, nothing arrives
  std::uint64_t private_id = 0;  ///< 0: none
  std::optional<std::string> display;
  bool dummy = false;
  bool remote = false;
  std::optional<std::uint32_t> own_bitrate;  ///< what it asked for; none: the room's
  std::uint32_t audio_active_packets, audio_level_average;
  bool published = false;  ///< has answered an offer
  bool up = false;         ///< its peer is connected: the others know of it
  bool e2ee = false;       ///< its payloads are encrypted end to end
  std::vector<PublishedStream> streams;

  std::vector<Forwarder> forwarders;
  std::map<std::string, Remotization> remotes;

  bool record = false;
  std::string filename;  ///< of its recordings; empty: made up
  std::vector<std::shared_ptr<Recording>> recordings;

  Ear ear;  ///< of a remote publisher

  /// Null when there is none.
  PublishedStream* find(std::string_view mid);
  [[nodiscard]] const PublishedStream* find(std::string_view mid) const;
  /// Codec of the first enabled stream of that kind, empty when there is none.
  [[nodiscard]] std::string codec(cardea_kind_t kind) const;
  [[nodiscard]] bool talking() const;
  /// Over which talking is judged.
  [[nodiscard]] std::uint32_t talk_packets() const;
  /// Its cap in bit/s, 0: none.
  [[nodiscard]] std::uint32_t bitrate() const;

  /// To its client, if it is one.
  void tell(const Json& event) const;
  /// Tells the media core what the settings of this publisher are.
  void set_source() const;
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

/// What a room's dummy publisher has: a stream for each codec that it offers.
std::vector<PublishedStream> dummy_streams(const RoomOptions& options);

}  // namespace cardea::videoroom
