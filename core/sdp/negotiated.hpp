// What an exchanged pair of descriptions means for the media: the input of a Peer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/rtp/codec/codec.hpp"
#include "core/rtp/header_extension.hpp"
#include "core/sdp/description.hpp"

namespace cardea::sdp {

/// A stream that the other end announced by a=ssrc; rtx_ssrc comes from its FID group, 0 when none.
struct RemoteSsrc {
  std::uint32_t ssrc = 0;
  std::uint32_t rtx_ssrc = 0;
  friend bool operator==(const RemoteSsrc&, const RemoteSsrc&) = default;
};

/// One m-line that both sides accepted.
struct NegotiatedLine {
  std::size_t index = 0;  ///< place of the m-line in the description
  std::string mid;
  MediaKind kind = MediaKind::Audio;
  Direction direction = Direction::Inactive;  ///< ours
  rtp::Codec codec = rtp::Codec::Unknown;     ///< Unknown for Application
  std::uint8_t payload_type = 0;  ///< used both ways; what we send must carry the remote's number
  std::uint32_t clock_rate = 0;
  std::uint8_t channels = 1;
  std::string fmtp;                   ///< of the remote description
  std::uint8_t rtx_payload_type = 0;  ///< 0 = none
  std::uint8_t red_payload_type = 0;  ///< 0 = none
  rtp::ExtensionIds extensions;
  /// What we receive: primary streams, in SIM group order when there is one (low to high as
  /// written).
  std::vector<RemoteSsrc> remote_ssrcs;
  /// What we receive by simulcast, in the order of a=simulcast; paused marks removed. Empty without
  /// simulcast.
  std::vector<std::string> rids;
  std::string remote_cname;
  std::string remote_msid;  ///< "stream track", empty when none
  /// What we announced, when we send.
  std::uint32_t local_ssrc = 0;
  std::uint32_t local_rtx_ssrc = 0;
  bool nack = false;
  bool pli = false;
  bool fir = false;
  bool remb = false;
  // Of Application.
  std::uint16_t local_sctp_port = 0;
  std::uint16_t remote_sctp_port = 0;
  std::uint64_t remote_max_message = 0;  ///< bytes
  std::uint32_t bandwidth_bps = 0;  ///< the remote's wish for what we send (b=TIAS or b=AS), 0 none
};

/// The lines in use, in m-line order; rejected ones are left out. Works for both roles, from the
/// final pair.
std::vector<NegotiatedLine> negotiated(const Description& local, const Description& remote);

}  // namespace cardea::sdp
