// Ring of arrivals with an index by sequence number.
#include "core/peer/rtx_cache.hpp"

namespace cardea::peer {

void RtxCache::store(std::uint64_t seq, const PacketRef& buffer, const rtp::Packet& packet,
                     Time now) {
  evict(now);
  if (size() == slots_.size()) {
    drop_oldest();
  }
  Slot& free = slot(next_);
  free.seq = seq;
  free.at = now;
  free.buffer = buffer;
  free.packet = packet;
  index_[seq & (index_.size() - 1)] = next_;
  ++next_;
}

const rtp::Packet* RtxCache::find(std::uint64_t seq) const {
  const std::uint64_t position = index_[seq & (index_.size() - 1)];
  if (position < first_ || position >= next_) {
    return nullptr;
  }
  const Slot& found = slots_[position & (slots_.size() - 1)];
  return found.seq == seq ? &*found.packet : nullptr;
}

void RtxCache::evict(Time now) {
  while (first_ != next_ && slot(first_).at + kKeep < now) {
    drop_oldest();
  }
}

void RtxCache::clear() {
  while (first_ != next_) {
    drop_oldest();
  }
}

void RtxCache::drop_oldest() {
  slot(first_).buffer.reset();
  slot(first_).packet.reset();
  ++first_;
}

}  // namespace cardea::peer
