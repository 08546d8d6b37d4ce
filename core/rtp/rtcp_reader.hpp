// Walks a compound RTCP packet.
#pragma once

#include <optional>

#include "core/base/bytes.hpp"
#include "core/rtp/rtcp_packets.hpp"

namespace cardea::rtp {

/// One pass over a compound after SRTCP unprotect (RFC 3550 6.1; reduced size by RFC 5506 is fine).
/// Views in the items borrow the bytes. Never allocates.
///
///     RtcpReader reader(bytes);
///     while (const auto item = reader.next()) { ... std::get_if<Nack>(&*item) ... }
///     if (reader.malformed()) { count it }
class RtcpReader {
 public:
  explicit RtcpReader(Bytes compound) : rest_(compound) {}

  /// The next packet whose counts agree with its length; packets that lie about a count are skipped
  /// and remembered in malformed(). Nothing at the end or where the compound itself is broken.
  std::optional<RtcpItem> next();
  [[nodiscard]] bool malformed() const { return malformed_; }

 private:
  Bytes rest_;
  bool malformed_ = false;
};

}  // namespace cardea::rtp
