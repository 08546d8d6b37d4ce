// Decides which received packets go on.
#include "core/peer/receive_stream.hpp"

#include <algorithm>

namespace cardea::peer {

std::optional<std::uint64_t> ReceiveStream::received(const rtp::Packet& packet, bool repaired,
                                                     Time now) {
  if (repaired && !(nack_ && unwrapper_.started())) {
    return std::nullopt;
  }
  const std::uint64_t seq =
      repaired ? unwrapper_.peek(packet.seq()) : unwrapper_.unwrap(packet.seq());
  // The number inside a retransmission is the sender's free choice, and SRTP does not check it: one
  // that we do not miss could move the numbering.
  if (repaired && !tracker_.is_missing(seq)) {
    return std::nullopt;
  }
  if (!repaired) {
    last_packet_ = now;
    stats_.received(seq, packet.timestamp(), packet.payload().size(), now);
  }
  // Without NACK nothing is ever repeated, and SRTP's replay window has refused copies.
  if (nack_ && tracker_.received(seq, now) == rtp::NackTracker::Arrival::Late) {
    return std::nullopt;
  }
  return first_number() + seq;
}

std::optional<rtp::DependencyDescriptor> ReceiveStream::dependencies(Bytes value,
                                                                     std::uint64_t seq) {
  if (seq < structure_seq_) {
    // The structure that it refers to is gone, and must not come back with it.
    std::optional<rtp::DependencyStructure> own;
    return rtp::parse_dependency_descriptor(value, own);
  }
  if (!structure_) {
    structure_ = std::make_unique<std::optional<rtp::DependencyStructure>>();
  }
  const auto out = rtp::parse_dependency_descriptor(value, *structure_);
  if (out && out->has_structure) {
    structure_seq_ = seq;
  }
  return out;
}

std::uint32_t ReceiveStream::take_lost() {
  const std::int64_t lost = stats_.lost();
  const std::int64_t since = lost - lost_before_;
  lost_before_ = lost;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(since, 0, 1'000'000));
}

StreamStats ReceiveStream::stats() const {
  StreamStats out;
  out.layer = place_.layer;
  out.ssrc = place_.ssrc;
  out.packets = stats_.packets();
  out.bytes = stats_.bytes();
  out.lost = static_cast<std::uint64_t>(std::max<std::int64_t>(stats_.lost(), 0));
  if (clock_rate_ != 0) {
    out.jitter = Duration(std::int64_t{stats_.jitter()} * 1'000'000 / clock_rate_);
  }
  return out;
}

}  // namespace cardea::peer
