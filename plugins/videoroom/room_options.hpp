// What can be set of a room: by a section [room-1234] of the configuration, by `create` and `edit`.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

#include "plugins/videoroom/ids.hpp"

namespace cardea::videoroom {

/// What a dummy publisher offers on one m-line.
struct DummyStream {
  std::string codec, fmtp;
};

struct RoomOptions {
  std::string description;
  std::string secret;  ///< for editing and destroying; empty: none
  std::string pin;     ///< for joining; empty: none
  bool is_private = false;
  bool require_pvtid = false;
  bool require_e2ee = false;
  bool signed_tokens = false;    ///< joining needs a token of the core's signing for this room
  std::uint32_t publishers = 3;  ///< at the same time
  std::uint32_t bitrate = 0;     ///< cap of each publisher in bit/s; 0: none
  bool bitrate_cap = false;      ///< publishers cannot ask for more
  std::uint32_t fir_freq = 0;    ///< seconds between key frame requests; 0: only when needed
  std::vector<std::string> audiocodec{"opus"};
  std::vector<std::string> videocodec{"vp8"};
  std::string vp9_profile, h264_profile;
  bool opus_fec = true;
  bool opus_dtx = false;
  bool video_svc = false;
  bool audiolevel_ext = true;
  bool audiolevel_event = false;
  std::uint32_t audio_active_packets = 100;
  std::uint32_t audio_level_average = 25;
  std::uint32_t audio_loudest = 0;  ///< so many speakers are heard at a time; 0: all
  bool videoorient_ext = true;
  bool playoutdelay_ext = true;
  bool transport_wide_cc_ext = true;
  bool record = false;
  std::string rec_dir;
  bool lock_record = false;
  bool notify_joining = false;
  bool dummy_publisher = false;
  std::vector<DummyStream> dummy_streams;  ///< empty: one for each codec of the room
  bool check_allowed = false;              ///< only with one of these tokens may one join
  std::set<std::string, std::less<>> allowed;
};

/// @param from a body of `create`, a configuration section or a saved room, with Janus's names; the
/// types are checked. @param id for the default description.
/// @returns InvalidElement for a codec that no room can have.
Result<RoomOptions> read_options(const Json& from, const Id& id);

/// Takes over the members "new_..." of a body of `edit`.
void edit_options(RoomOptions& options, const Json& body);

/// All options as read_options() takes them.
Json saved(const RoomOptions& options);

/// One entry of the answer to `list`, without number and participants.
Json listing(const RoomOptions& options);

bool is_audio_codec(std::string_view name);
bool is_video_codec(std::string_view name);

}  // namespace cardea::videoroom
