// What a peer is told when it is made or renegotiated: plain values, filled in by the session layer
// from SDP.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/rtp/codec/codec.hpp"
#include "core/rtp/header_extension.hpp"

namespace cardea::peer {

/// Ids of header extensions in one direction of one m-line; 0 where the extension was not
/// negotiated.
struct ExtensionIds {
  std::uint8_t mid = 0;
  std::uint8_t rid = 0;
  std::uint8_t repaired_rid = 0;
  std::uint8_t audio_level = 0;
  std::uint8_t abs_send_time = 0;
  std::uint8_t transport_cc = 0;
  std::uint8_t video_orientation = 0;
  std::uint8_t playout_delay = 0;
  std::uint8_t dependency_descriptor = 0;
};

/// One payload type of an m-line and what it carries.
struct PayloadType {
  std::uint8_t number = 0;
  rtp::Codec codec = rtp::Codec::Unknown;
  std::uint32_t clock_rate = 90'000;
  std::uint8_t rtx_number = 0;  ///< RFC 4588 payload type that retransmits this one; 0 none
};

/// One m-line as negotiated. Its place in the list is its index in the description.
struct LineParams {
  enum class Kind : std::uint8_t { Audio, Video, Data };

  Kind kind = Kind::Audio;
  bool active = true;     ///< false: rejected or inactive, the place is kept
  bool receives = false;  ///< the remote sends to us: a source
  bool sends = false;     ///< we send to the remote: a sink
  std::string mid;
  std::vector<PayloadType> payload_types;  ///< accepted ones, preferred first, without rtx
  ExtensionIds extensions;

  // Of the source. Without announced SSRCs they are learnt from mid and rid, or from the payload
  // type.
  std::vector<std::uint32_t> remote_ssrcs;      ///< one per simulcast layer, lowest first
  std::vector<std::uint32_t> remote_rtx_ssrcs;  ///< same order; may be empty
  std::vector<std::string> rids;                ///< simulcast layers, lowest first
  bool nack =
      false;  ///< generic NACK may be sent for this source, and will be answered for this sink
  bool pli = false;
  bool fir = false;
  bool remb = false;

  // Of data channels.
  std::uint16_t local_sctp_port = 5000;
  std::uint16_t remote_sctp_port = 5000;
  std::uint64_t remote_max_message = 65'536;  ///< bytes

  // Of the sink: announced by us, stable over renegotiations.
  std::uint32_t send_ssrc = 0;
  std::uint32_t send_rtx_ssrc = 0;  ///< 0: retransmissions go out again as they were
  std::string cname;
};

struct IceCredentials {
  std::string ufrag;
  std::string password;
};

enum class DtlsRole : std::uint8_t { Server, Client };

struct Params {
  IceCredentials local_ice;
  IceCredentials remote_ice;
  DtlsRole dtls_role = DtlsRole::Server;
  /// As in a=fingerprint: hash name in lower case ("sha-256") and "AB:CD:...".
  std::string remote_fingerprint_hash;
  std::string remote_fingerprint;
  std::vector<LineParams> lines;
};

}  // namespace cardea::peer
