// One m-line of a publisher, and one of a subscriber.
#pragma once

#include <cstdint>
#include <string>

#include <cardea/media.h>

namespace cardea::videoroom {

/// What a publisher sends on one m-line.
struct PublishedStream {
  std::uint32_t mindex = 0;
  cardea_kind_t kind = CARDEA_AUDIO;
  std::string mid = {};
  std::string codec = {};  ///< empty: disabled
  std::string fmtp = {};   ///< as negotiated, for the offers to subscribers
  std::string description = {};
  bool fec = false;
  bool simulcast = false;
  bool send = true;        ///< false: the publisher holds it back by `configure`
  bool moderated = false;  ///< true: a moderator holds it back

  [[nodiscard]] bool disabled() const { return codec.empty(); }
  [[nodiscard]] bool flows() const { return send && !moderated; }
};

/// What a subscriber gets on one m-line. It keeps its place and mid when its source goes.
struct SubscribedStream {
  std::uint32_t mindex = 0;
  cardea_kind_t kind = CARDEA_AUDIO;
  std::uint64_t feed = 0;  ///< 0: inactive, the m-line is free for another source
  std::string feed_mid = {};
  std::string crossrefid = {};
  std::string offered_codec = {};  ///< in the last offer; empty: not offered or inactive
  cardea_route_t route = 0;
  bool ready = false;
  bool send = true;
  std::int32_t substream = -1;
  std::int32_t temporal = -1;

  [[nodiscard]] bool active() const { return feed != 0; }
  [[nodiscard]] std::string mid() const { return std::to_string(mindex); }
};

}  // namespace cardea::videoroom
