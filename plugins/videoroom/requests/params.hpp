// The parameters of VideoRoom's requests, with Janus's names.
#pragma once

#include <cardea/sdk/operation.hpp>

#include "plugins/videoroom/config.hpp"

namespace cardea::videoroom::requests {

using namespace sdk::param;

constexpr std::int64_t kMaxEntries = 1'000;  // of the lists in one request

inline constexpr cardea_param_t kRoom = required(id("room", "The room's number"));
inline constexpr cardea_param_t kSecret = text("secret", kMaxSecret, "The room's secret, if any");

inline constexpr cardea_param_t kRoomOnly[] = {kRoom};
inline constexpr cardea_param_t kList[] = {
    text("admin_key", kMaxSecret, "Lists private rooms too")};
inline constexpr cardea_param_t kDestroy[] = {kRoom, kSecret,
                                              boolean("permanent", "Accepted for compatibility")};

inline constexpr cardea_param_t kCreate[] = {
    integer("room", 0, kLargestId, "Its number; 0 or none: a random one"),
    any("admin_key", "Needed where one is configured"),
    boolean("permanent", "Accepted for compatibility: rooms are not written to the configuration"),
    text("description", kMaxName, "The room's name for people"),
    text("secret", kMaxSecret, "Needed to edit and destroy the room, and to kick"),
    text("pin", kMaxSecret, "Needed to join"),
    array("allowed", kMaxTokens, {}, "Tokens, one of which is needed to join"),
    boolean("is_private", "Leave the room out of `list`"),
    boolean("require_pvtid", "Subscribing needs a participant's private_id"),
    boolean("require_e2ee", "Media must be encrypted end to end"),
    boolean("signed_tokens", "Accepted for compatibility"),
    integer("publishers", 0, kMaxPublishers, "Publishers at the same time; 0: 3"),
    integer("bitrate", 0, kLargestInt, "Cap of each publisher, bit/s; 0: none"),
    boolean("bitrate_cap", "Publishers cannot set a higher cap for themselves"),
    integer("fir_freq", 0, 86'400, "Seconds between key frame requests; 0: none"),
    text("audiocodec", kMaxName, "Allowed audio codecs, best first, with commas"),
    text("videocodec", kMaxName, "Allowed video codecs, best first, with commas"),
    text("vp9_profile", kMaxMid, "VP9 profile to prefer"),
    text("h264_profile", kMaxMid, "H.264 profile to prefer"),
    boolean("opus_fec", "Say in `streams` when Opus has forward error correction"),
    boolean("opus_dtx", "Accepted for compatibility"),
    boolean("video_svc", "Accepted for compatibility"),
    boolean("audiolevel_ext", "Negotiate the audio level extension"),
    boolean("audiolevel_event", "Accepted for compatibility"),
    integer("audio_active_packets", 1, kLargestInt, "Accepted for compatibility"),
    integer("audio_level_average", 1, 127, "Accepted for compatibility"),
    boolean("videoorient_ext", "Accepted for compatibility"),
    boolean("playoutdelay_ext", "Accepted for compatibility"),
    boolean("transport_wide_cc_ext", "Accepted for compatibility"),
    boolean("record", "Accepted for compatibility: this build records nothing"),
    text("rec_dir", kMaxPath, "Accepted for compatibility"),
    boolean("lock_record", "Accepted for compatibility"),
    boolean("notify_joining", "Tell participants of those who join without publishing"),
    boolean("dummy_publisher", "Accepted for compatibility"),
};

inline constexpr cardea_param_t kEdit[] = {
    kRoom,
    kSecret,
    text("new_description", kMaxName),
    text("new_secret", kMaxSecret),
    text("new_pin", kMaxSecret),
    boolean("new_is_private"),
    boolean("new_require_pvtid"),
    integer("new_bitrate", 0, kLargestInt, "bit/s"),
    integer("new_fir_freq", 0, 86'400, "Seconds"),
    integer("new_publishers", 1, kMaxPublishers),
    boolean("new_lock_record"),
    text("new_rec_dir", kMaxPath),
    boolean("permanent", "Accepted for compatibility"),
};

inline constexpr cardea_param_t kAllowed[] = {
    kRoom, kSecret, required(text("action", kMaxMid, "enable, disable, add or remove")),
    array("allowed", kMaxTokens, {}, "Tokens to add or remove")};
inline constexpr cardea_param_t kKick[] = {kRoom, kSecret, required(id("id", "The participant"))};
inline constexpr cardea_param_t kModerate[] = {
    kRoom, kSecret, required(id("id", "The participant")),
    required(text("mid", kMaxMid, "The participant's m-line")),
    required(boolean("mute", "Hold it back, or let it go"))};

inline constexpr cardea_param_t kSubscription[] = {
    required(id("feed", "The publisher")),
    text("mid", kMaxMid, "The publisher's m-line; none: all of them"),
    text("crossrefid", kMaxName, "Comes back in `streams`"),
    boolean("send", "Send at once"),
    integer("substream", 0, 2, "Highest simulcast layer wanted"),
    integer("temporal", 0, 2, "Highest temporal layer wanted"),
    integer("spatial_layer", 0, 2, "As substream"),
    integer("temporal_layer", 0, 2, "As temporal"),
    integer("fallback", 0, kLargestInt, "Accepted for compatibility"),
};
inline constexpr cardea_param_t kUnsubscription[] = {
    id("feed", "The publisher"), text("mid", kMaxMid, "The publisher's m-line"),
    text("sub_mid", kMaxMid, "The subscription's m-line")};
inline constexpr cardea_param_t kSwitched[] = {
    required(id("feed", "The publisher")), required(text("mid", kMaxMid, "Its m-line")),
    required(text("sub_mid", kMaxMid, "The subscription's m-line that takes it"))};

inline constexpr cardea_param_t kSubscribe[] = {
    required(array("streams", kMaxEntries, kSubscription))};
inline constexpr cardea_param_t kUnsubscribe[] = {
    required(array("streams", kMaxEntries, kUnsubscription))};
inline constexpr cardea_param_t kUpdate[] = {array("subscribe", kMaxEntries, kSubscription),
                                             array("unsubscribe", kMaxEntries, kUnsubscription)};
inline constexpr cardea_param_t kSwitch[] = {array("streams", kMaxEntries, kSwitched)};

inline constexpr cardea_param_t kDescription[] = {required(text("mid", kMaxMid)),
                                                  required(text("description", kMaxName))};
inline constexpr cardea_param_t kPublishedStream[] = {
    required(text("mid", kMaxMid, "The m-line")),
    boolean("keyframe", "Ask for a key frame"),
    boolean("send", "Let it go to subscribers"),
    integer("min_delay", 0, kLargestInt, "Accepted for compatibility"),
    integer("max_delay", 0, kLargestInt, "Accepted for compatibility"),
};
inline constexpr cardea_param_t kConfigurePublisher[] = {
    text("audiocodec", kMaxMid, "Codec to prefer in the answer"),
    text("videocodec", kMaxMid, "Codec to prefer in the answer"),
    integer("bitrate", 0, kLargestInt, "Cap in bit/s; 0: none"),
    boolean("keyframe", "Ask for a key frame on every stream"),
    boolean("audio", "Let audio go to subscribers"),
    boolean("video", "Let video go to subscribers"),
    boolean("data", "Accepted for compatibility"),
    boolean("record", "Accepted for compatibility"),
    text("filename", kMaxPath, "Accepted for compatibility"),
    text("display", kMaxName, "The participant's name"),
    text("secret", kMaxSecret, "Accepted for compatibility"),
    integer("audio_active_packets", 0, kLargestInt, "Accepted for compatibility"),
    integer("audio_level_average", 0, 127, "Accepted for compatibility"),
    array("streams", kMaxEntries, kPublishedStream, "Settings of single m-lines"),
    array("descriptions", kMaxEntries, kDescription, "Texts for single m-lines"),
    boolean("update", "Accepted for compatibility"),
    boolean("restart", "Accepted for compatibility: a changed offer restarts ICE"),
};

inline constexpr cardea_param_t kReceivedStream[] = {
    required(text("mid", kMaxMid, "The m-line")),
    boolean("send", "Send it, or hold it back"),
    integer("substream", 0, 2, "Highest simulcast layer wanted"),
    integer("temporal", 0, 2, "Highest temporal layer wanted"),
    integer("spatial_layer", 0, 2, "As substream"),
    integer("temporal_layer", 0, 2, "As temporal"),
    integer("fallback", 0, kLargestInt, "Accepted for compatibility"),
    integer("min_delay", 0, kLargestInt, "Accepted for compatibility"),
    integer("max_delay", 0, kLargestInt, "Accepted for compatibility"),
};
inline constexpr cardea_param_t kConfigureSubscriber[] = {
    array("streams", kMaxEntries, kReceivedStream, "Settings of single m-lines"),
    text("mid", kMaxMid, "The m-line that the settings here are for; none: all"),
    boolean("send", "Send it, or hold it back"),
    boolean("audio", "Send audio"),
    boolean("video", "Send video"),
    boolean("data", "Accepted for compatibility"),
    integer("substream", 0, 2, "Highest simulcast layer wanted"),
    integer("temporal", 0, 2, "Highest temporal layer wanted"),
    integer("spatial_layer", 0, 2, "As substream"),
    integer("temporal_layer", 0, 2, "As temporal"),
    integer("fallback", 0, kLargestInt, "Accepted for compatibility"),
    boolean("restart", "Make an offer with new ICE credentials"),
    boolean("update", "Accepted for compatibility"),
};

#define CARDEA_JOIN_PARAMS                                                                       \
  kRoom, required(text("ptype", kMaxMid, "publisher or subscriber")),                            \
      text("pin", kMaxSecret, "The room's pin, if any"),                                         \
      text("token", kMaxSecret, "One of the room's tokens, if any"),                             \
      id("id", "publisher: the number to have"), text("display", kMaxName, "publisher: a name"), \
      integer("private_id", 0, kLargestId, "subscriber: that of its participant"),               \
      boolean("autoupdate", "subscriber: offer again when a source comes or goes"),              \
      boolean("use_msid", "subscriber: the msid names the publisher"),                           \
      id("feed", "subscriber, deprecated: the publisher"),                                       \
      boolean("offer_audio", "subscriber, deprecated"),                                          \
      boolean("offer_video", "subscriber, deprecated"),                                          \
      boolean("offer_data", "subscriber, deprecated"),                                           \
      boolean("audio", "subscriber, deprecated; joinandconfigure: as configure"),                \
      boolean("video", "subscriber, deprecated; joinandconfigure: as configure"), boolean("data")

inline constexpr cardea_param_t kJoin[] = {
    CARDEA_JOIN_PARAMS,
    array("streams", kMaxEntries, kSubscription, "subscriber: the streams wanted")};
inline constexpr cardea_param_t kJoinAndConfigure[] = {
    CARDEA_JOIN_PARAMS,
    array("streams", kMaxEntries, {}, "subscriber: the streams wanted"),
    text("audiocodec", kMaxMid, "Codec to prefer in the answer"),
    text("videocodec", kMaxMid, "Codec to prefer in the answer"),
    integer("bitrate", 0, kLargestInt, "Cap in bit/s; 0: none"),
    boolean("record", "Accepted for compatibility"),
    text("filename", kMaxPath, "Accepted for compatibility"),
    array("descriptions", kMaxEntries, kDescription, "Texts for single m-lines"),
};
#undef CARDEA_JOIN_PARAMS

}  // namespace cardea::videoroom::requests
