// Plain counters of everything that happens at packet rate. One set per worker, shared by its
// peers; the worker publishes them to /metrics.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cardea::peer {

/// Why an incoming datagram was not used.
enum class Drop : std::uint8_t {
  NotWebrtc,         ///< first byte of no protocol we speak
  StunMalformed,     ///< no STUN message, bad length, attribute or fingerprint
  StunUnknownUser,   ///< no peer has this ufrag
  StunIntegrity,     ///< MESSAGE-INTEGRITY missing or wrong
  StunOther,         ///< no Binding request, or its error reply would amplify
  HandshakeCap,      ///< too many DTLS handshakes at once (threat M2)
  UnknownPeer,       ///< no peer has proved this address
  AddressTaken,      ///< the address belongs to another peer with fresh consent
  DtlsForeign,       ///< DTLS from an address without a valid check (threat M1)
  MediaForeign,      ///< RTP or RTCP from such an address (threat I9)
  NotReady,          ///< RTP or RTCP before the keys
  SrtpAuth,          ///< forged or damaged
  SrtpReplay,        ///< seen before
  SrtpMalformed,     ///< not even a header, or OpenSSL refused
  SsrcCap,           ///< too many SSRCs (threat M4)
  RtpMalformed,      ///< bad header inside a good SRTP packet
  RtpUnknownStream,  ///< neither SSRC, mid, rid nor payload type tells the m-line
  RtpLate,           ///< a retransmission of what we have, or given up
  RtxEmpty,          ///< RTX without an original: a bandwidth probe
  OverBitrate,       ///< well beyond the cap that the sender was told (threat M11)
  RtcpMalformed,     ///< counts or lengths that lie
  Count,
};

constexpr std::size_t kDrops = static_cast<std::size_t>(Drop::Count);

/// Label value in /metrics, e.g. "stun_malformed".
std::string_view drop_name(Drop drop);

struct Counters {
  std::array<std::uint64_t, kDrops> drops{};
  std::uint64_t packets_in = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t packets_out = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t rtp_in = 0;
  std::uint64_t rtp_forwarded = 0;
  std::uint64_t unmapped_payload = 0;   ///< not sent: the sink has no payload type for the codec
  std::uint64_t send_failed = 0;        ///< SRTP refused an outgoing packet
  std::uint64_t nacks_in = 0;           ///< sequence numbers asked of us
  std::uint64_t nacks_out = 0;          ///< sequence numbers that we asked for
  std::uint64_t retransmissions = 0;    ///< answered out of the cache
  std::uint64_t copies = 0;             ///< sent twice on a path that loses at random
  std::uint64_t nack_cache_misses = 0;  ///< asked for and no longer (or never) there
  std::uint64_t nack_too_soon = 0;      ///< asked again within a round trip (threat M7)
  std::uint64_t nack_over_budget = 0;   ///< beyond 10 % of the bitrate (threat M7)
  std::uint64_t transport_feedback_in = 0;   ///< transport-wide feedback packets of subscribers
  std::uint64_t streams_paused = 0;          ///< a viewer's link had no room for the lowest layer
  std::uint64_t padding_bytes = 0;           ///< sent to fill up bandwidth probes
  std::uint64_t transport_feedback_out = 0;  ///< transport-wide feedback packets to publishers
  std::uint64_t keyframes_wanted = 0;   ///< PLI and FIR from sinks, attached routes, lost packets
  std::uint64_t keyframe_requests = 0;  ///< PLI and FIR really sent to publishers
  std::uint64_t replays = 0;            ///< sinks that began with a kept key frame
  std::uint64_t streams_shed = 0;       ///< a viewer's video made less for want of time
  std::uint64_t send_runs = 0;          ///< runs handed to the socket; packets_out in total

  void drop(Drop reason) { ++drops[static_cast<std::size_t>(reason)]; }
  [[nodiscard]] std::uint64_t dropped(Drop reason) const {
    return drops[static_cast<std::size_t>(reason)];
  }
};

}  // namespace cardea::peer
