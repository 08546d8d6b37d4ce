// The parameters of requests that take media out of and into a room: forwarders, remote publishers,
// recording.
#pragma once

#include "plugins/videoroom/requests/params.hpp"

namespace cardea::videoroom::requests {

inline constexpr cardea_param_t kPublisherId = required(id("publisher_id", "The publisher"));
inline constexpr cardea_param_t kAdminKey =
    any("admin_key", "Needed where one is configured and lock_rtp_forward is on");

#define CARDEA_DESTINATION_PARAMS                                        \
  text("host_family", kMaxMid, "ipv4 or ipv6"),                          \
      integer("srtp_suite", 0, kMaxUint32, "32 or 80: encrypt by SRTP"), \
      text("srtp_crypto", kMaxName, "Its key: 30 bytes in base64")

inline constexpr cardea_param_t kForwardedStream[] = {
    required(text("mid", kMaxMid, "The publisher's m-line")),
    text("host", kMaxHost, "Where to, unless as for the whole request"),
    text("host_family", kMaxMid),
    required(integer("port", 0, kMaxPort, "UDP")),
    integer("rtcp_port", 0, kMaxPort, "Where its feedback comes from"),
    integer("ssrc", 0, kMaxUint32, "0 or none: the publisher's"),
    integer("pt", 0, 127, "0 or none: the publisher's"),
    boolean("simulcast", "Follow the layers as a viewer does"),
    integer("port_2", 0, kMaxPort, "For the second simulcast layer"),
    integer("ssrc_2", 0, kMaxUint32),
    integer("pt_2", 0, 127),
    integer("port_3", 0, kMaxPort, "For the third simulcast layer"),
    integer("ssrc_3", 0, kMaxUint32),
    integer("pt_3", 0, 127),
};
inline constexpr cardea_param_t kRtpForward[] = {
    required(text("host", kMaxHost, "IP address")),
    array("streams", kMaxEntries, kForwardedStream),
    kRoom,
    kPublisherId,
    kSecret,
    kAdminKey,
    CARDEA_DESTINATION_PARAMS,
    boolean("simulcast", "deprecated form"),
    integer("audio_port", 0, kMaxPort, "deprecated form"),
    integer("audio_ssrc", 0, kMaxUint32),
    integer("audio_pt", 0, 127),
    integer("audio_rtcp_port", 0, kMaxPort),
    integer("video_port", 0, kMaxPort, "deprecated form"),
    integer("video_ssrc", 0, kMaxUint32),
    integer("video_pt", 0, 127),
    integer("video_rtcp_port", 0, kMaxPort),
    integer("video_port_2", 0, kMaxPort),
    integer("video_ssrc_2", 0, kMaxUint32),
    integer("video_pt_2", 0, 127),
    integer("video_port_3", 0, kMaxPort),
    integer("video_ssrc_3", 0, kMaxUint32),
    integer("video_pt_3", 0, 127),
    integer("data_port", 0, kMaxPort, "deprecated form"),
};
inline constexpr cardea_param_t kStopRtpForward[] = {
    kRoom, kPublisherId, required(integer("stream_id", 0, kMaxUint32, "The forwarder")), kSecret,
    kAdminKey};
inline constexpr cardea_param_t kListForwarders[] = {kRoom, kSecret};

inline constexpr cardea_param_t kEnableRecording[] = {
    required(boolean("record", "Record every publisher, or end that")), kRoom, kSecret};

inline constexpr cardea_param_t kRemoteStream[] = {
    required(text("mid", kMaxMid, "Its name in the room")),
    required(integer("mindex", 0, 1'000, "Its m-line at the original publisher: gives its SSRC")),
    required(text("type", kMaxMid, "audio, video or data")),
    text("codec", kMaxMid, "Needed for audio and video"),
    text("description", kMaxName, "For people"),
    boolean("disabled"),
    boolean("stereo"),
    boolean("fec"),
    boolean("dtx"),
    text("h264_profile", kMaxMid),
    text("vp9_profile", kMaxMid),
    boolean("simulcast", "Three SSRCs one after the other"),
    boolean("svc"),
    integer("audiolevel_ext_id", 0, 255, "Accepted for compatibility"),
    integer("videoorient_ext_id", 0, 255, "Accepted for compatibility"),
    integer("playoutdelay_ext_id", 0, 255, "Accepted for compatibility"),
};
inline constexpr cardea_param_t kAddRemote[] = {
    kRoom,
    kSecret,
    required(array("streams", kMaxEntries, kRemoteStream)),
    id("id", "The id to have"),
    text("display", kMaxName, "A name for people"),
    text("mcast", kMaxHost, "Accepted for compatibility"),
    text("iface", kMaxHost, "Address to listen on"),
    integer("port", 0, kMaxPort, "UDP port to listen on; 0 or none: a free one"),
    integer("srtp_suite", 0, kMaxUint32, "32 or 80: what comes is encrypted by SRTP"),
    text("srtp_crypto", kMaxName, "Its key: 30 bytes in base64"),
};
inline constexpr cardea_param_t kUpdateRemote[] = {
    kRoom, kSecret, required(id("id", "The remote publisher")), text("display", kMaxName),
    required(array("streams", kMaxEntries, kRemoteStream))};
inline constexpr cardea_param_t kRemoveRemote[] = {kRoom, kSecret,
                                                   required(id("id", "The remote publisher"))};
inline constexpr cardea_param_t kPublishRemotely[] = {
    required(text("remote_id", kMaxName, "A name for this remotization")),
    required(text("host", kMaxHost, "IP address of the other server")),
    required(integer("port", 0, kMaxPort, "That its remote publisher listens on")),
    kRoom,
    kPublisherId,
    kSecret,
    integer("rtcp_port", 0, kMaxPort, "Where feedback comes from"),
    CARDEA_DESTINATION_PARAMS,
};
inline constexpr cardea_param_t kUnpublishRemotely[] = {
    required(text("remote_id", kMaxName, "The remotization")), kRoom, kPublisherId, kSecret};
inline constexpr cardea_param_t kListRemotes[] = {kRoom, kPublisherId, kSecret};

#undef CARDEA_DESTINATION_PARAMS

}  // namespace cardea::videoroom::requests
