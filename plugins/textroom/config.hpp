// What TextRoom says of itself and which configuration keys it has.
#pragma once

#include <cardea/sdk/plugin.hpp>

#include "plugins/textroom/errors.hpp"

namespace cardea::textroom {

constexpr std::int64_t kMaxName = 255;          ///< descriptions, user and display names, bytes
constexpr std::int64_t kMaxSecret = 255;        ///< secrets, pins, tokens, bytes
constexpr std::int64_t kMaxUrl = 1'024;         ///< bytes
constexpr std::int64_t kMaxTokens = 1'000;      ///< of one room
constexpr std::int64_t kMaxHistory = 1'000;     ///< messages kept by one room
constexpr std::int64_t kMaxText = 65'536;       ///< of one message, bytes; config may say less
constexpr std::int64_t kMaxRecipients = 1'000;  ///< of one whisper

namespace detail {
using namespace sdk::config;

inline constexpr char kRoom[] = "room-*";

inline constexpr cardea_config_key_t kKeys[] = {
    secret("general", "admin_key", kMaxSecret,
           "Only who gives this key may create rooms and list private ones; unset: anyone"),
    boolean("general", "string_ids", "no", "Rooms are named by texts in place of numbers"),
    boolean("general", "demo_room", "yes",
            "Make room 1234, without secret and pin, when no section does"),
    integer("general", "max_rooms", "10000", 1, 1'000'000, "Rooms at the same time"),
    integer("general", "max_permanent", "1000", 0, 10'000, "Rooms kept in the data folder"),
    integer("general", "max_members", "1000", 1, 100'000, "Members of one room"),
    integer("general", "max_joined", "64", 1, 10'000, "Rooms that one client is in"),
    integer("general", "max_text", "16384", 1, kMaxText, "Bytes of one message's text"),
    integer("general", "history_bytes", "1048576", 1'024, 1'073'741'824,
            "Bytes of one room's history"),
    integer("general", "messages_per_second", "50", 1, 100'000,
            "Requests of one client over its data channel; void with [limits] enabled = no"),

    text(kRoom, "description", nullptr, kMaxName, "The room's name for people"),
    secret(kRoom, "secret", kMaxSecret, "Needed to edit and destroy the room, and to kick"),
    secret(kRoom, "pin", kMaxSecret, "Needed to join"),
    boolean(kRoom, "is_private", "no", "Leave the room out of `list`"),
    integer(kRoom, "history", "0", 0, kMaxHistory, "Messages kept for those who join later"),
};

inline constexpr const char* kAliases[] = {"janus.plugin.textroom", nullptr};

}  // namespace detail

inline constexpr sdk::FeatureInfo kFeatureInfo{
    .id = "cardea.plugin.textroom",
    .event_key = "textroom",
    .name = "TextRoom",
    .description = "Rooms whose members write to each other over data channels",
    .author = "Cardea",
    .aliases = detail::kAliases,
    .config_keys = detail::kKeys,
    .codes = {kNoMessage, kInvalidRequest, 0, kMissingElement, kInvalidElement, kUnauthorized,
              kUnknownError},
    .error_word = "error",
};

}  // namespace cardea::textroom
