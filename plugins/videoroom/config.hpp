// What VideoRoom says of itself and which configuration keys it has.
#pragma once

#include <cardea/sdk/plugin.hpp>

#include "plugins/videoroom/errors.hpp"

namespace cardea::videoroom {

constexpr std::int64_t kMaxName = 255;          ///< descriptions and display names, bytes
constexpr std::int64_t kMaxSecret = 255;        ///< secrets, pins, tokens, bytes
constexpr std::int64_t kMaxMid = 64;            ///< bytes
constexpr std::int64_t kMaxToken = 2'048;       ///< a signed token, bytes
constexpr std::int64_t kMaxPath = 1'024;        ///< bytes
constexpr std::int64_t kMaxPublishers = 1'000;  ///< at the same time in one room
constexpr std::int64_t kMaxTokens = 1'000;      ///< in one request

namespace detail {
using namespace sdk::config;

inline constexpr char kRoom[] = "room-*";

inline constexpr cardea_config_key_t kKeys[] = {
    secret("general", "admin_key", kMaxSecret,
           "Only who gives this key may create rooms and list private ones; unset: anyone"),
    boolean("general", "demo_room", "yes",
            "Make room 1234, without secret and pin, when no section does"),
    boolean("general", "lock_rtp_forward", "no", "Forwarding as plain RTP needs the admin_key too"),
    boolean("general", "string_ids", "no", "Ids of rooms and participants are texts"),
    boolean("general", "events", "yes", "Tell event handlers what happens"),
    text("general", "recordings", nullptr, kMaxPath,
         "The folder that every recording lies in; unset: recordings in the data folder"),
    integer("general", "recording_quota", "0", 0, 1'000'000'000,
            "What the recordings of one room may take, MiB; 0: no bound"),
    integer("general", "max_rooms", "10000", 1, 1'000'000, "Rooms at the same time"),
    integer("general", "max_participants", "1000", 1, 100'000,
            "Participants of one room, and again as many subscriptions for each of them"),
    integer("general", "max_streams", "128", 1, 1'000, "Streams of one subscription"),
    integer("general", "max_forwarders", "256", 1, 10'000,
            "Destinations of plain RTP of one publisher"),
    integer("general", "max_remotes", "16", 1, 1'000, "Servers that one publisher goes to"),
    integer("general", "max_tokens", "1000", 1, 100'000, "Tokens that open one room"),

    text(kRoom, "description", nullptr, kMaxName, "The room's name for people"),
    secret(kRoom, "secret", kMaxSecret, "Needed to edit and destroy the room, and to kick"),
    secret(kRoom, "pin", kMaxSecret, "Needed to join"),
    boolean(kRoom, "is_private", "no", "Leave the room out of `list`"),
    boolean(kRoom, "require_pvtid", "no", "Subscribing needs a participant's private_id"),
    boolean(kRoom, "require_e2ee", "no", "Media must be encrypted end to end"),
    integer(kRoom, "publishers", "3", 1, kMaxPublishers, "Publishers at the same time"),
    integer(kRoom, "bitrate", "0", 0, sdk::param::kLargestInt,
            "Cap of each publisher, bit/s; 0: none"),
    boolean(kRoom, "bitrate_cap", "no", "Publishers cannot set a higher cap for themselves"),
    integer(kRoom, "fir_freq", "0", 0, 86'400, "Seconds between key frame requests; 0: none"),
    text(kRoom, "audiocodec", "opus", kMaxName, "Allowed audio codecs, best first, with commas"),
    text(kRoom, "videocodec", "vp8", kMaxName, "Allowed video codecs, best first, with commas"),
    text(kRoom, "vp9_profile", nullptr, kMaxMid, "VP9 profile to prefer: 0 or 2"),
    text(kRoom, "h264_profile", nullptr, kMaxMid, "H.264 profile to prefer: 42e01f"),
    boolean(kRoom, "opus_fec", "yes", "Say in `streams` when Opus has forward error correction"),
    boolean(kRoom, "signed_tokens", "no", "Joining needs a signed token for this room"),
    boolean(kRoom, "opus_dtx", "no", "Negotiate discontinuous transmission for Opus"),
    boolean(kRoom, "video_svc", "no", "Take VP9 and AV1 as layered"),
    boolean(kRoom, "audiolevel_ext", "yes", "Negotiate the audio level extension"),
    boolean(kRoom, "audiolevel_event", "no", "Tell everybody who begins and ends to talk"),
    integer(kRoom, "audio_active_packets", "100", 1, 100'000,
            "Packets over which talking is judged"),
    integer(kRoom, "audio_level_average", "25", 1, 127,
            "Mean level below which one talks, -dBov: 127 is silence"),
    integer(kRoom, "audio_loudest", "0", 0, 10'000, "Speakers heard at a time; 0: all"),
    boolean(kRoom, "videoorient_ext", "yes", "Accepted for compatibility"),
    boolean(kRoom, "playoutdelay_ext", "yes", "Whether min_delay and max_delay have an effect"),
    boolean(kRoom, "transport_wide_cc_ext", "yes",
            "Negotiate transport-wide congestion control, where the client offers it"),
    boolean(kRoom, "record", "no", "Record every publisher"),
    text(kRoom, "rec_dir", nullptr, kMaxPath, "Where, inside the folder for recordings"),
    boolean(kRoom, "lock_record", "no", "Recording is changed with the secret only"),
    boolean(kRoom, "notify_joining", "no",
            "Tell participants of those who join without publishing"),
    boolean(kRoom, "dummy_publisher", "no", "Make a publisher without media, to subscribe to"),
};

inline constexpr const char* kAliases[] = {"janus.plugin.videoroom", nullptr};

}  // namespace detail

inline constexpr sdk::FeatureInfo kFeatureInfo{
    .id = "cardea.plugin.videoroom",
    .event_key = "videoroom",
    .name = "VideoRoom",
    .description = "Rooms whose participants publish and subscribe to audio and video",
    .author = "Cardea",
    .aliases = detail::kAliases,
    .config_keys = detail::kKeys,
    .codes = {kNoMessage, kInvalidRequest, kJoinFirst, kMissingElement, kInvalidElement,
              kUnauthorized, kUnknownError},
};

}  // namespace cardea::videoroom
