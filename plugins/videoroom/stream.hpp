// One m-line of a publisher, and one of a subscriber.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <cardea/media.h>

#include "plugins/videoroom/ids.hpp"

namespace cardea::videoroom {

/// What a publisher sends on one m-line.
struct PublishedStream {
  std::uint32_t mindex = 0;
  std::uint32_t line = 0;  ///< the m-line's name in media calls; the mindex unless it is remote
  cardea_kind_t kind = CARDEA_AUDIO;
  std::string mid = {};
  bool disabled = false;
  std::string codec = {};  ///< empty: disabled, or data
  std::string fmtp = {};   ///< as negotiated, for the offers to subscribers
  std::string description = {};
  bool fec = false;
  bool dtx = false;
  bool stereo = false;
  bool simulcast = false;
  bool svc = false;
  bool send = true;        ///< false: the publisher holds it back by `configure`
  bool moderated = false;  ///< true: a moderator holds it back
  bool talking = false;
  std::uint64_t talked = 0;                     ///< higher: began to talk later; 0: never
  bool unheard = false;                         ///< true: others talk, see loudest.hpp
  std::int32_t min_delay = -1, max_delay = -1;  ///< playout delay, in blocks of 10 ms; -1: none

  [[nodiscard]] bool flows() const { return send && !moderated && !unheard; }
};

/// One publisher whose messages a subscriber's data m-line carries.
struct DataSource {
  Id feed;
  std::string mid;
  cardea_route_t route = 0;
};

/// What a viewer wishes of a stream with layers.
struct LayerWish {
  std::int32_t substream = -1;  ///< simulcast or spatial; -1: the highest
  std::int32_t temporal = -1;
  std::uint32_t fallback_us = 0;  ///< 0: the media core's default
};

/// What a subscriber gets on one m-line. It keeps its place and mid when its source goes.
struct SubscribedStream {
  std::uint32_t mindex = 0;
  cardea_kind_t kind = CARDEA_AUDIO;
  Id feed = {};  ///< none: inactive, the m-line is free for another source; not used for data
  std::string feed_mid = {};
  std::vector<DataSource> sources = {};  ///< of a data m-line, which is never inactive
  std::string crossrefid = {};
  std::string offered_codec = {};  ///< in the last offer; empty: not offered or inactive
  cardea_route_t route = 0;
  bool ready = false;
  bool send = true;
  LayerWish wish = {};
  std::int32_t substream = -1, temporal = -1;   ///< what is sent now; -1: not known
  std::int32_t min_delay = -1, max_delay = -1;  ///< in blocks of 10 ms; -1: as the publisher says

  [[nodiscard]] bool active() const { return kind == CARDEA_DATA || static_cast<bool>(feed); }
  [[nodiscard]] std::string mid() const { return std::to_string(mindex); }
};

}  // namespace cardea::videoroom
