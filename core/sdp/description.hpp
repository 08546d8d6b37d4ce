// A session description as plain values: what we model of SDP (RFC 8866) for WebRTC (RFC 8829).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cardea::sdp {

enum class MediaKind : std::uint8_t { Audio, Video, Application, Other };
enum class Direction : std::uint8_t { SendRecv, SendOnly, RecvOnly, Inactive };
/// a=setup (RFC 4145 4); None when the line is absent.
enum class Setup : std::uint8_t { None, ActPass, Active, Passive, HoldConn };

inline bool sends(Direction d) { return d == Direction::SendRecv || d == Direction::SendOnly; }
inline bool receives(Direction d) { return d == Direction::SendRecv || d == Direction::RecvOnly; }
inline Direction make_direction(bool send, bool receive) {
  if (send) {
    return receive ? Direction::SendRecv : Direction::SendOnly;
  }
  return receive ? Direction::RecvOnly : Direction::Inactive;
}
/// The same direction seen from the other end.
inline Direction reversed(Direction d) { return make_direction(receives(d), sends(d)); }

struct Fingerprint {
  std::string algorithm;  ///< lower case: "sha-256"
  std::string value;      ///< upper case hex with colons
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// One payload type of an m-line with its a=rtpmap, a=fmtp and a=rtcp-fb. Static types (RFC 3551)
/// have their map filled in.
struct PayloadType {
  std::uint8_t number = 0;
  std::string name;  ///< encoding name as written; empty when the offer gives none
  std::uint32_t clock_rate = 0;
  std::uint8_t channels = 1;
  std::string fmtp;                   ///< parameters without the number
  std::vector<std::string> feedback;  ///< "nack", "nack pli", "ccm fir", ...
  friend bool operator==(const PayloadType&, const PayloadType&) = default;
};

struct Extmap {
  std::uint8_t id = 0;  ///< 1..255
  Direction direction = Direction::SendRecv;
  std::string uri;
  friend bool operator==(const Extmap&, const Extmap&) = default;
};

struct Ssrc {
  std::uint32_t ssrc = 0;
  std::string cname;
  std::string msid;  ///< "stream track" as written (plan B and older clients)
  friend bool operator==(const Ssrc&, const Ssrc&) = default;
};

struct SsrcGroup {
  std::string semantics;  ///< "FID", "SIM"
  std::vector<std::uint32_t> ssrcs;
  friend bool operator==(const SsrcGroup&, const SsrcGroup&) = default;
};

/// RFC 8851.
struct Rid {
  std::string id;
  bool send = false;  ///< direction word: send or recv, from the writer's side
  std::string params;
  friend bool operator==(const Rid&, const Rid&) = default;
};

/// RFC 8853: one string per stream as between the semicolons; may hold alternatives ("a,b") and "~"
/// for paused.
struct Simulcast {
  std::vector<std::string> send;
  std::vector<std::string> receive;
  [[nodiscard]] bool empty() const { return send.empty() && receive.empty(); }
  friend bool operator==(const Simulcast&, const Simulcast&) = default;
};

/// ICE, DTLS: at session level, at an m-line, or both (the m-line wins).
struct TransportInfo {
  std::string ice_ufrag;
  std::string ice_pwd;
  std::string ice_options;
  std::vector<Fingerprint> fingerprints;
  Setup setup = Setup::None;
  friend bool operator==(const TransportInfo&, const TransportInfo&) = default;
};

struct MediaLine {
  MediaKind kind = MediaKind::Other;
  std::string kind_text;  ///< only for Other: the word as written
  std::uint16_t port = 9;
  std::string protocol = "UDP/TLS/RTP/SAVPF";
  std::vector<std::string> formats;  ///< only where the protocol is not RTP ("webrtc-datachannel")
  std::string mid;
  Direction direction = Direction::SendRecv;
  std::vector<PayloadType> payload_types;
  std::vector<Extmap> extmaps;  ///< session-level ones are copied into every m-line by the parser
  std::vector<Ssrc> ssrcs;
  std::vector<SsrcGroup> ssrc_groups;
  std::vector<Rid> rids;
  Simulcast simulcast;
  std::vector<std::string> msids;  ///< "stream track" each
  TransportInfo transport;
  bool rtcp_mux = false;
  bool rtcp_mux_only = false;
  bool rtcp_rsize = false;
  bool bundle_only = false;
  std::vector<std::string> candidates;  ///< text after "candidate:"
  bool end_of_candidates = false;
  std::uint32_t bandwidth_as_kbps = 0;
  std::uint32_t bandwidth_tias_bps = 0;
  std::uint16_t sctp_port = 0;
  std::uint64_t max_message_size = 0;
  std::vector<std::string> crypto;  ///< a=crypto values (SDES), kept only to be refused

  /// Port 0 without bundle-only means refused or stopped (RFC 8829 5.2.2).
  [[nodiscard]] bool rejected() const { return port == 0 && !bundle_only; }
  [[nodiscard]] const PayloadType* find_payload_type(std::uint8_t number) const;
  friend bool operator==(const MediaLine&, const MediaLine&) = default;
};

struct Description {
  std::string origin_user = "-";
  std::uint64_t session_id = 0;
  std::uint64_t session_version = 0;
  std::string origin_address = "IN IP4 127.0.0.1";
  std::string name = "-";
  bool ice_lite = false;
  bool extmap_allow_mixed = false;
  std::string msid_semantic;  ///< "WMS *"
  bool has_bundle = false;
  std::vector<std::string> bundle;  ///< mids of the first BUNDLE group
  TransportInfo transport;
  std::vector<MediaLine> media;

  /// Null when there is none.
  [[nodiscard]] const MediaLine* find_mid(const std::string& mid) const;
  [[nodiscard]] bool is_bundled(const std::string& mid) const;
  /// What counts for an m-line: its own values, the session's where it has none.
  [[nodiscard]] TransportInfo transport_of(const MediaLine& line) const;
  /// transport_of() the first m-line of the bundle (or the first one that is not rejected).
  [[nodiscard]] TransportInfo bundle_transport() const;
  friend bool operator==(const Description&, const Description&) = default;
};

/// Words of the SDP grammar: "audio", "sendrecv", "actpass" (empty for None).
const char* to_text(MediaKind kind);
const char* to_text(Direction direction);
const char* to_text(Setup setup);

}  // namespace cardea::sdp
