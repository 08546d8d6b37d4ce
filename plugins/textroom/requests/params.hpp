// The parameters of TextRoom's requests, in the order in which Janus looks at them.
#pragma once

#include <cardea/sdk/operation.hpp>

#include "plugins/textroom/config.hpp"

namespace cardea::textroom::requests {

using namespace sdk::param;

inline constexpr cardea_param_t kRoom = required(id("room", "The room"));
inline constexpr cardea_param_t kSecret = text("secret", kMaxSecret, "The room's secret, if any");
inline constexpr cardea_param_t kPermanent = boolean("permanent", "Also after a restart");

inline constexpr cardea_param_t kList[] = {
    any("admin_key", "Private rooms too, where the configuration has this key")};
inline constexpr cardea_param_t kOneRoom[] = {kRoom};
inline constexpr cardea_param_t kCreate[] = {
    text("admin_key", kMaxSecret, "The key of the configuration, if any"),
    id_or_none("room", "The id to have; absent or 0: a free one"),
    text("description", kMaxName, "The room's name for people"),
    text("secret", kMaxSecret, "Needed to edit and destroy the room"),
    text("pin", kMaxSecret, "Needed to join"),
    boolean("is_private", "Leave the room out of `list`"),
    array("allowed", kMaxTokens, {}, "Tokens, one of which is needed to join"),
    integer("history", 0, kMaxHistory, "Messages kept for those who join later"),
    text("post", kMaxUrl, "Not supported"),
    kPermanent,
};
inline constexpr cardea_param_t kEdit[] = {
    kRoom,
    kSecret,
    text("new_description", kMaxName, "The room's name for people"),
    text("new_secret", kMaxSecret, "Needed to edit and destroy the room"),
    text("new_pin", kMaxSecret, "Needed to join"),
    boolean("new_is_private", "Leave the room out of `list`"),
    text("new_post", kMaxUrl, "Not supported"),
    kPermanent,
};
inline constexpr cardea_param_t kDestroy[] = {kRoom, kSecret, kPermanent};
inline constexpr cardea_param_t kAllowed[] = {
    required(text("action", kMaxName, "enable, disable, add or remove")), kRoom, kSecret,
    array("allowed", kMaxTokens, {}, "Tokens to add or remove")};
inline constexpr cardea_param_t kKick[] = {required(text("username", kMaxName, "Whom")), kRoom,
                                           kSecret};
inline constexpr cardea_param_t kAnnouncement[] = {required(text("text", kMaxText, "What")), kRoom,
                                                   kSecret};
inline constexpr cardea_param_t kJoin[] = {
    required(text("username", kMaxName, "The name to have, one of its kind in the room")),
    kRoom,
    text("pin", kMaxSecret, "The room's pin, if any"),
    text("token", kMaxSecret, "One of the room's tokens, if any"),
    text("display", kMaxName, "A name for people"),
    boolean("history", "false: without what was said before"),
};
inline constexpr cardea_param_t kMessage[] = {
    kRoom,
    required(text("text", kMaxText, "What")),
    text("to", kMaxName, "Only to this member"),
    array("tos", kMaxRecipients, {}, "Only to these members"),
    boolean("ack", "false: no answer"),
};

}  // namespace cardea::textroom::requests
