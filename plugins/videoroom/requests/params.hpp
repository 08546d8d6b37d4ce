// The parameters of VideoRoom's requests, with Janus's names.
#pragma once

#include <cardea/sdk/operation.hpp>

#include "plugins/videoroom/config.hpp"

namespace cardea::videoroom::requests {

using namespace sdk::param;

constexpr std::int64_t kMaxEntries = 1'000;  // of the lists in one request
constexpr std::int64_t kMaxHost = 255;       // bytes
constexpr std::int64_t kMaxPort = 65'535;
constexpr std::int64_t kMaxUint32 = 4'294'967'295;
constexpr std::int64_t kMaxDelay = 4'095;  // blocks of 10 ms: 12 bits of the extension

inline constexpr cardea_param_t kRoom = required(id("room", "The room's number"));
inline constexpr cardea_param_t kSecret = text("secret", kMaxSecret, "The room's secret, if any");

inline constexpr cardea_param_t kRoomOnly[] = {kRoom};
inline constexpr cardea_param_t kList[] = {
    text("admin_key", kMaxSecret, "Lists private rooms too")};
inline constexpr cardea_param_t kDestroy[] = {
    kRoom, kSecret, boolean("permanent", "It does not come back at the next start either")};

inline constexpr cardea_param_t kDummyStream[] = {
    text("codec", kMaxMid, "One of the room's codecs"),
    text("fmtp", kMaxName, "Its parameters, such as profile-id=2")};

inline constexpr cardea_param_t kCreate[] = {
    id_or_none("room", "Its id; 0 or none: a random one"),
    any("admin_key", "Needed where one is configured"),
    boolean("permanent", "It comes back at the next start"),
    text("description", kMaxName, "The room's name for people"),
    text("secret", kMaxSecret, "Needed to edit and destroy the room, and to kick"),
    text("pin", kMaxSecret, "Needed to join"),
    array("allowed", kMaxTokens, {}, "Tokens, one of which is needed to join"),
    boolean("is_private", "Leave the room out of `list`"),
    boolean("require_pvtid", "Subscribing needs a participant's private_id"),
    boolean("require_e2ee", "Media must be encrypted end to end"),
    boolean("signed_tokens", "Joining needs a signed token for this room"),
    integer("publishers", 0, kMaxPublishers, "Publishers at the same time; 0: 3"),
    integer("bitrate", 0, kLargestInt, "Cap of each publisher, bit/s; 0: none"),
    boolean("bitrate_cap", "Publishers cannot set a higher cap for themselves"),
    integer("fir_freq", 0, 86'400, "Seconds between key frame requests; 0: none"),
    text("audiocodec", kMaxName, "Allowed audio codecs, best first, with commas"),
    text("videocodec", kMaxName, "Allowed video codecs, best first, with commas"),
    text("vp9_profile", kMaxMid, "VP9 profile to prefer"),
    text("h264_profile", kMaxMid, "H.264 profile to prefer"),
    boolean("opus_fec", "Say in `streams` when Opus has forward error correction"),
    boolean("opus_dtx", "Negotiate discontinuous transmission for Opus"),
    boolean("video_svc", "Take VP9 and AV1 as layered"),
    boolean("audiolevel_ext", "Negotiate the audio level extension"),
    boolean("audiolevel_event", "Tell everybody who begins and ends to talk"),
    integer("audio_active_packets", 0, 100'000, "Packets over which talking is judged; 0: 100"),
    integer("audio_level_average", 0, kLargestInt, "Mean level below which one talks, -dBov"),
    integer("audio_loudest", 0, 10'000, "Speakers heard at a time; 0: all"),
    boolean("videoorient_ext", "Accepted for compatibility"),
    boolean("playoutdelay_ext", "Whether min_delay and max_delay have an effect"),
    boolean("transport_wide_cc_ext", "Negotiate transport-wide congestion control"),
    boolean("record", "Record every publisher"),
    text("rec_dir", kMaxPath, "Where, inside the server's folder for recordings"),
    boolean("lock_record", "Recording is changed with the secret only"),
    boolean("notify_joining", "Tell participants of those who join without publishing"),
    boolean("dummy_publisher", "Make a publisher without media, to subscribe to"),
    array("dummy_streams", kMaxEntries, kDummyStream, "What it offers; none: every codec"),
    integer("threads", 0, kLargestInt, "Accepted for compatibility"),
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
    integer("new_publishers", 0, kMaxPublishers),
    boolean("new_lock_record"),
    text("new_rec_dir", kMaxPath),
    boolean("permanent", "Save it for the next start"),
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
    integer("fallback", 0, kLargestInt, "Microseconds without the wished layer before a lower one"),
    integer("min_delay", 0, kMaxDelay, "Least playout delay, in blocks of 10 ms"),
    integer("max_delay", 0, kMaxDelay, "Greatest playout delay, in blocks of 10 ms"),
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
inline constexpr cardea_param_t kSwitch[] = {array("streams", kMaxEntries, kSwitched),
                                             id("feed", "Accepted for compatibility")};

inline constexpr cardea_param_t kDescription[] = {required(text("mid", kMaxMid)),
                                                  required(text("description", kMaxName))};
inline constexpr cardea_param_t kPublishedStream[] = {
    required(text("mid", kMaxMid, "The m-line")),
    boolean("keyframe", "Ask for a key frame"),
    boolean("send", "Let it go to subscribers"),
    integer("min_delay", 0, kMaxDelay, "Least playout delay, in blocks of 10 ms"),
    integer("max_delay", 0, kMaxDelay, "Greatest playout delay, in blocks of 10 ms"),
};
// What a publisher says of itself, at joining already.
#define CARDEA_PUBLISHER_PARAMS                                                           \
  text("audiocodec", kMaxMid, "Codec to prefer in the answer"),                           \
      text("videocodec", kMaxMid, "Codec to prefer in the answer"),                       \
      integer("bitrate", 0, kLargestInt, "Cap in bit/s; 0: none"),                        \
      boolean("record", "Record it, or end that"),                                        \
      text("filename", kMaxPath, "Where, inside the room's folder; the stream is added"), \
      integer("audio_active_packets", 0, 100'000, "Overrides the room's; 0: the room's"), \
      integer("audio_level_average", 0, kLargestInt, "Overrides the room's"),             \
      array("descriptions", kMaxEntries, kDescription, "Texts for single m-lines"),       \
      boolean("keyframe", "Ask for a key frame on every stream"),                         \
      text("secret", kMaxSecret, "The room's secret, for `record` where that is locked")

inline constexpr cardea_param_t kConfigurePublisher[] = {
    CARDEA_PUBLISHER_PARAMS,
    boolean("audio", "Let audio go to subscribers"),
    boolean("video", "Let video go to subscribers"),
    boolean("data", "Let data go to subscribers"),
    text("display", kMaxName, "The participant's name"),
    array("streams", kMaxEntries, kPublishedStream, "Settings of single m-lines"),
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
    integer("fallback", 0, kLargestInt, "Microseconds without the wished layer before a lower one"),
    integer("min_delay", 0, kMaxDelay, "Least playout delay, in blocks of 10 ms"),
    integer("max_delay", 0, kMaxDelay, "Greatest playout delay, in blocks of 10 ms"),
};
inline constexpr cardea_param_t kConfigureSubscriber[] = {
    array("streams", kMaxEntries, kReceivedStream, "Settings of single m-lines"),
    text("mid", kMaxMid, "The m-line that the settings here are for; none: all"),
    boolean("send", "Send it, or hold it back"),
    boolean("audio", "Send audio"),
    boolean("video", "Send video"),
    boolean("data", "Send data"),
    integer("substream", 0, 2, "Highest simulcast layer wanted"),
    integer("temporal", 0, 2, "Highest temporal layer wanted"),
    integer("spatial_layer", 0, 2, "As substream"),
    integer("temporal_layer", 0, 2, "As temporal"),
    integer("fallback", 0, kLargestInt, "Microseconds without the wished layer before a lower one"),
    boolean("restart", "Make an offer with new ICE credentials"),
    boolean("update", "Accepted for compatibility"),
};

// `streams` of joinandconfigure: a subscriber's wishes, or settings of the offer's m-lines.
inline constexpr cardea_param_t kJoinedStream[] = {
    id("feed", "subscriber: the publisher"),
    text("mid", kMaxMid, "The m-line"),
    text("crossrefid", kMaxName, "subscriber: comes back in `streams`"),
    boolean("send", "Let it flow"),
    integer("substream", 0, 2),
    integer("temporal", 0, 2),
    integer("spatial_layer", 0, 2),
    integer("temporal_layer", 0, 2),
    integer("fallback", 0, kLargestInt, "Microseconds"),
    boolean("keyframe", "publisher: ask for a key frame"),
    integer("min_delay", 0, kMaxDelay, "publisher: in blocks of 10 ms"),
    integer("max_delay", 0, kMaxDelay, "publisher: in blocks of 10 ms"),
};

#define CARDEA_JOIN_PARAMS                                                                       \
  kRoom, required(text("ptype", kMaxMid, "publisher or subscriber")),                            \
      text("pin", kMaxSecret, "The room's pin, if any"),                                         \
      text("token", kMaxToken, "One of the room's tokens, or a signed one"),                     \
      id("id", "publisher: the id to have"), text("display", kMaxName, "publisher: a name"),     \
      integer("private_id", 0, kLargestId, "subscriber: that of its participant"),               \
      boolean("autoupdate", "subscriber: offer again when a source comes or goes"),              \
      boolean("use_msid", "subscriber: the msid names the publisher"),                           \
      boolean("close_pc", "Accepted for compatibility: the subscription stays, see autoupdate"), \
      id("feed", "subscriber, deprecated: the publisher"),                                       \
      boolean("offer_audio", "subscriber, deprecated"),                                          \
      boolean("offer_video", "subscriber, deprecated"),                                          \
      boolean("offer_data", "subscriber, deprecated"),                                           \
      boolean("audio", "subscriber, deprecated; publisher: as configure"),                       \
      boolean("video", "subscriber, deprecated; publisher: as configure"),                       \
      boolean("data", "subscriber, deprecated; publisher: as configure"), CARDEA_PUBLISHER_PARAMS

inline constexpr cardea_param_t kJoin[] = {
    CARDEA_JOIN_PARAMS,
    array("streams", kMaxEntries, kSubscription, "subscriber: the streams wanted")};
inline constexpr cardea_param_t kJoinAndConfigure[] = {
    CARDEA_JOIN_PARAMS, array("streams", kMaxEntries, kJoinedStream, "As either says")};
#undef CARDEA_JOIN_PARAMS
#undef CARDEA_PUBLISHER_PARAMS

}  // namespace cardea::videoroom::requests
