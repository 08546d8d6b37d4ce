// RTP to and from outside WebRTC: where it goes, what is taken, and under which keys.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/address.hpp"
#include "core/peer/params.hpp"

namespace cardea::media {

/// SDES keys of AES_CM_128_HMAC_SHA1 (RFC 4568); without a suite RTP is in the clear.
struct PlainKeys {
  int suite = 0;                  ///< 0, 32 or 80: bits of the tag
  std::vector<std::uint8_t> key;  ///< 16 bytes of key, 14 of salt
};

/// A destination of forwarded RTP.
struct ForwardSettings {
  Address to;
  std::uint16_t rtcp_port = 0;    ///< of the same address; its PLI and FIR are honoured; 0 none
  std::uint32_t ssrc = 0;         ///< 0: that of the source
  std::uint8_t payload_type = 0;  ///< 0: that of the source
  bool simulcast = false;         ///< follows the layers as a route does; else `substream` alone
  std::int32_t substream = 0;
  PlainKeys keys;
};

struct PlainLine {
  peer::LineParams::Kind kind = peer::LineParams::Kind::Audio;
  peer::PayloadType payload;
  std::vector<std::uint32_t> ssrcs;  ///< one per simulcast layer, lowest first
};

/// A UDP port of its own that takes RTP.
struct ReceiverSettings {
  std::string address;     ///< numeric; empty: where the media port listens
  std::uint16_t port = 0;  ///< 0: the system chooses
  PlainKeys keys;
  std::vector<PlainLine> lines;
  std::uint64_t placement = 0;  ///< as of Engine::add_peer()
};

struct ReceiverPort {
  std::uint64_t id = 0;  ///< stands for a PeerId in sources
  std::uint16_t port = 0;
};

}  // namespace cardea::media
