// Every request that VideoRoom answers: name, role, parameters, handler.
#pragma once

#include <cardea/sdk/plugin.hpp>

#include "plugins/videoroom/requests/params.hpp"
#include "plugins/videoroom/requests/params_media.hpp"

namespace cardea::videoroom {

class RoomHandle;

namespace requests {

inline constexpr char kPublisher[] = "publisher";
inline constexpr char kSubscriber[] = "subscriber";

using sdk::Answer;
using sdk::Request;

// rooms.cpp
Answer create(RoomHandle& handle, const Request& request);
Answer edit(RoomHandle& handle, const Request& request);
Answer destroy(RoomHandle& handle, const Request& request);
Answer exists(RoomHandle& handle, const Request& request);
Answer list(RoomHandle& handle, const Request& request);
// access.cpp
Answer allowed(RoomHandle& handle, const Request& request);
Answer kick(RoomHandle& handle, const Request& request);
Answer moderate(RoomHandle& handle, const Request& request);
Answer listparticipants(RoomHandle& handle, const Request& request);
// join.cpp
Answer join(RoomHandle& handle, const Request& request);
Answer leave_as_publisher(RoomHandle& handle, const Request& request);
Answer leave_as_subscriber(RoomHandle& handle, const Request& request);
// publish.cpp
Answer publish(RoomHandle& handle, const Request& request);
Answer configure_publisher(RoomHandle& handle, const Request& request);
Answer unpublish(RoomHandle& handle, const Request& request);
// subscribe.cpp
Answer start(RoomHandle& handle, const Request& request);
Answer pause(RoomHandle& handle, const Request& request);
Answer configure_subscriber(RoomHandle& handle, const Request& request);
Answer subscribe(RoomHandle& handle, const Request& request);
Answer unsubscribe(RoomHandle& handle, const Request& request);
Answer update(RoomHandle& handle, const Request& request);
Answer switch_sources(RoomHandle& handle, const Request& request);
// forward.cpp
Answer rtp_forward(RoomHandle& handle, const Request& request);
Answer stop_rtp_forward(RoomHandle& handle, const Request& request);
Answer listforwarders(RoomHandle& handle, const Request& request);
// record.cpp
Answer enable_recording(RoomHandle& handle, const Request& request);
// remote.cpp
Answer add_remote_publisher(RoomHandle& handle, const Request& request);
Answer update_remote_publisher(RoomHandle& handle, const Request& request);
Answer remove_remote_publisher(RoomHandle& handle, const Request& request);
Answer publish_remotely(RoomHandle& handle, const Request& request);
Answer unpublish_remotely(RoomHandle& handle, const Request& request);
Answer listremotes(RoomHandle& handle, const Request& request);

using Entry = sdk::Operation<RoomHandle>;

constexpr Entry at_once(const char* name, Answer (*handle)(RoomHandle&, const Request&),
                        std::span<const cardea_param_t> params, cardea_access_t access,
                        const char* help) {
  return {name, handle, params, help, nullptr, true, access};
}
constexpr Entry enter(const char* name, Answer (*handle)(RoomHandle&, const Request&),
                      std::span<const cardea_param_t> params, const char* help) {
  return {name, handle, params, help, nullptr, false, CARDEA_ACCESS_ENTER};
}
constexpr Entry in_room(const char* role, const char* name,
                        Answer (*handle)(RoomHandle&, const Request&),
                        std::span<const cardea_param_t> params, const char* help) {
  return {name, handle, params, help, role, false, CARDEA_ACCESS_ANYONE};
}

inline constexpr Entry kTable[] = {
    at_once("create", create, kCreate, CARDEA_ACCESS_ENTER, "Makes a room"),
    at_once("edit", edit, kEdit, CARDEA_ACCESS_MANAGE, "Changes a room"),
    at_once("destroy", destroy, kDestroy, CARDEA_ACCESS_MANAGE, "Ends a room"),
    at_once("exists", exists, kRoomOnly, CARDEA_ACCESS_ANYONE, "Whether a room is there"),
    at_once("list", list, kList, CARDEA_ACCESS_ANYONE, "The rooms that are not private"),
    at_once("allowed", allowed, kAllowed, CARDEA_ACCESS_MANAGE, "Who may join by token"),
    at_once("kick", kick, kKick, CARDEA_ACCESS_MANAGE, "Removes a participant"),
    at_once("moderate", moderate, kModerate, CARDEA_ACCESS_MANAGE, "Mutes a participant's stream"),
    at_once("listparticipants", listparticipants, kRoomOnly, CARDEA_ACCESS_ANYONE,
            "Who is in a room"),
    at_once("rtp_forward", rtp_forward, kRtpForward, CARDEA_ACCESS_MANAGE,
            "Sends a publisher's media as plain RTP"),
    at_once("stop_rtp_forward", stop_rtp_forward, kStopRtpForward, CARDEA_ACCESS_MANAGE,
            "Ends that"),
    at_once("listforwarders", listforwarders, kListForwarders, CARDEA_ACCESS_MANAGE,
            "What is sent as plain RTP"),
    at_once("enable_recording", enable_recording, kEnableRecording, CARDEA_ACCESS_MANAGE,
            "Records every publisher of a room, or ends that"),
    at_once("add_remote_publisher", add_remote_publisher, kAddRemote, CARDEA_ACCESS_MANAGE,
            "Lets a publisher of another server appear in a room"),
    at_once("update_remote_publisher", update_remote_publisher, kUpdateRemote, CARDEA_ACCESS_MANAGE,
            "Changes its streams"),
    at_once("remove_remote_publisher", remove_remote_publisher, kRemoveRemote, CARDEA_ACCESS_MANAGE,
            "Takes it away"),
    at_once("publish_remotely", publish_remotely, kPublishRemotely, CARDEA_ACCESS_MANAGE,
            "Sends a publisher to another server"),
    at_once("unpublish_remotely", unpublish_remotely, kUnpublishRemotely, CARDEA_ACCESS_MANAGE,
            "Ends that"),
    at_once("listremotes", listremotes, kListRemotes, CARDEA_ACCESS_MANAGE,
            "To which servers a publisher goes"),

    enter("join", join, kJoin, "Enters a room as a publisher or subscriber"),
    enter("joinandconfigure", join, kJoinAndConfigure, "Enters a room and publishes"),
    in_room(kPublisher, "publish", publish, kConfigurePublisher, "Sends media, with an offer"),
    in_room(kPublisher, "configure", configure_publisher, kConfigurePublisher,
            "Changes what is sent, or renegotiates with an offer"),
    in_room(kPublisher, "unpublish", unpublish, {}, "Sends no more media"),
    in_room(kPublisher, "leave", leave_as_publisher, {}, "Leaves the room"),
    in_room(kSubscriber, "start", start, {}, "Takes the answer to an offer, or ends a pause"),
    in_room(kSubscriber, "pause", pause, {}, "Sends nothing until start"),
    in_room(kSubscriber, "configure", configure_subscriber, kConfigureSubscriber,
            "Changes what is received"),
    in_room(kSubscriber, "subscribe", subscribe, kSubscribe, "Adds streams"),
    in_room(kSubscriber, "unsubscribe", unsubscribe, kUnsubscribe, "Takes streams away"),
    in_room(kSubscriber, "update", update, kUpdate, "Both at once"),
    in_room(kSubscriber, "switch", switch_sources, kSwitch,
            "Changes the source of streams without an offer"),
    in_room(kSubscriber, "leave", leave_as_subscriber, {}, "Ends the subscription"),
};

}  // namespace requests
}  // namespace cardea::videoroom
