// Which protocol a datagram on the shared port belongs to, by its first bytes (RFC 7983, RFC 5761).
#pragma once

#include <cstdint>

#include "core/base/bytes.hpp"

namespace cardea::peer {

enum class Protocol : std::uint8_t { Unknown, Stun, Dtls, Rtp, Rtcp };

/// Looks at two bytes only: what it names may still be malformed.
constexpr Protocol classify(Bytes datagram) {
  if (datagram.size() < 2) {
    return Protocol::Unknown;
  }
  const std::uint8_t first = datagram[0];
  if (first <= 3) {
    return Protocol::Stun;
  }
  if (first >= 20 && first <= 63) {
    return Protocol::Dtls;
  }
  if (first >= 128 && first <= 191) {
    return datagram[1] >= 192 && datagram[1] <= 223 ? Protocol::Rtcp : Protocol::Rtp;
  }
  return Protocol::Unknown;
}

/// The local ufrag that a STUN request is for (before the colon of USERNAME): finds the peer.
/// Empty when the datagram is no well-formed Binding request. Borrows; proves nothing.
std::string_view stun_ufrag(Bytes datagram);

}  // namespace cardea::peer
