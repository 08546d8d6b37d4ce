// What a peer can tell about itself: plain values for the admin API.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.hpp"

namespace cardea::peer {

/// One stream (SSRC): a simulcast layer of a source, or a sink. Counts are since it began.
struct StreamStats {
  std::uint8_t layer = 0;  ///< simulcast layer, 0 lowest
  std::uint32_t ssrc = 0;
  std::uint32_t rtx_ssrc = 0;  ///< 0 none
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  ///< of RTP, headers included
  std::uint64_t lost = 0;   ///< of a sink: as its remote reports
  std::uint64_t nacks = 0;  ///< numbers asked for: by us of a source, of us by the remote of a sink
  std::uint64_t retransmissions = 0;
  std::uint64_t bytes_last_second = 0;
  Duration jitter{};
};

/// One m-line in one direction.
struct LineStats {
  std::uint32_t line = 0;
  bool incoming = false;
  std::string kind;  ///< "audio", "video", "data"
  std::string mid;
  std::string codec;                    ///< as in a=rtpmap, of the first payload type
  std::uint64_t keyframe_requests = 0;  ///< PLI and FIR: sent for a source, received for a sink
  std::vector<StreamStats> streams;
};

struct PeerStats {
  std::string ice_state;                      ///< "gathering", "connected", "failed"
  std::string dtls_state;                     ///< "created", "trying", "connected", "failed"
  std::string dtls_role;                      ///< "client", "server": ours
  std::string srtp_profile;                   ///< IANA's name, empty before the keys
  std::string local_address, remote_address;  ///< the selected pair; empty before there is one
  std::string local_ufrag, remote_ufrag;
  std::string remote_fingerprint;
  Duration age{};                   ///< since the peer was made
  Duration connected{};             ///< since ICE and DTLS were done; zero before
  Duration round_trip{};            ///< zero before the first report
  std::uint64_t remb_received = 0;  ///< bit/s, zero before the first
  std::uint64_t estimate = 0;       ///< of what can be sent, bit/s; zero before the first report
  double loss = 0;                  ///< of what is sent, 0 to 1, smoothed
  std::vector<LineStats> lines;
};

}  // namespace cardea::peer
