// Names of the drop reasons.
#include "core/peer/counters.hpp"

namespace cardea::peer {

std::string_view drop_name(Drop drop) {
  static constexpr std::array<std::string_view, kDrops> kNames = {
      "not_webrtc",         "stun_malformed", "stun_unknown_user", "stun_integrity",
      "stun_other",         "handshake_cap",  "unknown_peer",      "address_taken",
      "dtls_foreign",       "media_foreign",  "not_ready",         "srtp_auth",
      "srtp_replay",        "srtp_malformed", "ssrc_cap",          "rtp_malformed",
      "rtp_unknown_stream", "rtp_late",       "rtx_empty",         "over_bitrate",
      "rtcp_malformed",
  };
  return drop < Drop::Count ? kNames[static_cast<std::size_t>(drop)] : std::string_view{};
}

}  // namespace cardea::peer
