// What a caller asks of a description that we write: one plan per m-line, and our transport.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/rtp/codec/codec.hpp"
#include "core/rtp/header_extension.hpp"
#include "core/sdp/description.hpp"

namespace cardea::sdp {

/// One acceptable codec. In an offer also what to write.
struct CodecChoice {
  rtp::Codec codec = rtp::Codec::Unknown;
  /// H264: only the profile ("42e01f": first four digits and packetization-mode=1 are compared);
  /// VP9 and AV1: profile
  /// ("profile-id=0", "profile=0"). Empty: H264 any profile with packetization-mode=1, VP9 profile
  /// 0, AV1 profile 0. In an offer the text is the a=fmtp value when it contains '=', else as
  /// above.
  std::string fmtp;
  bool rtx = true;   ///< accept or offer retransmission (RFC 4588) with it; video only
  bool red = false;  ///< accept or offer RED around it (RFC 2198); audio only
  friend bool operator==(const CodecChoice&, const CodecChoice&) = default;
};

struct LinePlan {
  MediaKind kind = MediaKind::Audio;
  /// Ours, as an answer or offer says it; an answer intersects it with what was offered.
  Direction direction = Direction::SendRecv;
  bool reject = false;
  /// In order of preference. An answer takes the first one that the offer has; an offer lists all.
  std::vector<CodecChoice> codecs;
  bool accept_simulcast = false;
  std::vector<rtp::ExtensionKind> extensions;
  std::string mid;  ///< offers only; an answer repeats the offer's
  std::string msid_stream;
  std::string msid_track;
  /// Announced when we send; 0 = none.
  std::uint32_t ssrc = 0;
  std::uint32_t rtx_ssrc = 0;
  std::string cname;
  std::uint32_t bandwidth_bps = 0;  ///< b=AS and b=TIAS; 0 = none
};

/// Our end of the one bundled transport.
struct LocalTransport {
  std::string ufrag;
  std::string pwd;
  std::string fingerprint_sha256;  ///< hex with colons
  /// Of an offer: ActPass (default). Of an answer: used when the offer is actpass; None means
  /// Passive.
  Setup setup = Setup::None;
  std::vector<std::string> candidates;  ///< text after "candidate:"
  std::uint64_t session_id = 0;
  std::uint64_t session_version = 0;
};

}  // namespace cardea::sdp
