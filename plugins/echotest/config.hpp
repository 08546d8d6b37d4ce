// What EchoTest says of itself, its parameters and its configuration keys.
#pragma once

#include <cardea/sdk/plugin.hpp>

namespace cardea::echotest {

// Janus's documentation, "janus_echotest.c", macros.
inline constexpr int kNoMessage = 411;
inline constexpr int kInvalidElement = 413;
inline constexpr int kInvalidSdp = 414;
inline constexpr int kUnknownError = 499;

namespace detail {

constexpr std::int64_t kMaxCodecName = 32;
constexpr std::int64_t kMaxFileName = 1024;

using namespace sdk::param;

inline constexpr cardea_param_t kParams[] = {
    boolean("audio", "Send audio back"),
    boolean("video", "Send video back"),
    integer("bitrate", 0, kLargestInt, "Cap on what the client sends, bit/s; 0: none"),
    integer("substream", 0, 2, "Highest simulcast layer to send back"),
    integer("temporal", 0, 2, "Highest temporal layer to send back"),
    integer("fallback", 0, kLargestInt, "Microseconds without a layer before a lower one is taken"),
    boolean("svc", "Accepted for compatibility"),
    integer("spatial_layer", 0, 2, "As substream"),
    integer("temporal_layer", 0, 2, "As temporal"),
    boolean("record", "Record what the client sends"),
    text("filename", kMaxFileName, "Where, inside the folder for recordings"),
    text("audiocodec", kMaxCodecName, "Codec to prefer in an answer"),
    text("videocodec", kMaxCodecName, "Codec to prefer in an answer"),
    text("videoprofile", kMaxCodecName, "VP9 or H.264 profile to prefer in an answer"),
    boolean("opusred", "Accepted for compatibility"),
    integer("min_delay", -kLargestInt, kLargestInt, "Least playout delay, ms; below 0: none"),
    integer("max_delay", -kLargestInt, kLargestInt, "Largest playout delay, ms; below 0: none"),
};

/// A message without an offer needs one of these.
inline constexpr const char* kSettings[] = {
    "audio",      "video",        "bitrate",       "substream",      "temporal",
    "fallback",   "svc",          "spatial_layer", "temporal_layer", "record",
    "videocodec", "videoprofile", "opusred",       "min_delay",      "max_delay"};

inline constexpr cardea_config_key_t kKeys[] = {
    sdk::config::text("echotest", "recordings", nullptr, kMaxFileName,
                      "The folder that every recording lies in; unset: recordings in the data "
                      "folder"),
    sdk::config::integer("echotest", "recording_quota", "1024", 0, 1'000'000'000,
                         "What all recordings since the start may take, MiB; 0: no bound"),
};

inline constexpr const char* kAliases[] = {"janus.plugin.echotest", nullptr};

}  // namespace detail

inline constexpr sdk::FeatureInfo kFeatureInfo{
    .id = "cardea.plugin.echotest",
    .event_key = "echotest",
    .name = "EchoTest",
    .description = "Sends a client its own media back",
    .author = "Cardea",
    .aliases = detail::kAliases,
    .config_keys = detail::kKeys,
    .codes = {kNoMessage, kInvalidElement, 0, kInvalidElement, kInvalidElement, kInvalidElement,
              kUnknownError},
    .request_optional = true};

}  // namespace cardea::echotest
