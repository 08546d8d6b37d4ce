// Who is shown a peer's RTP and RTCP in the clear, for diagnosis.
#pragma once

#include "core/base/bytes.hpp"

namespace cardea::peer {

class PacketDump {
 public:
  virtual ~PacketDump() = default;
  /// One packet as it is before encryption or after decryption; borrowed for the call.
  virtual void packet(bool incoming, Bytes packet) = 0;
};

}  // namespace cardea::peer
