// Ring of arrivals with an index by sequence number.
#include "core/peer/rtx_cache.hpp"

#include <algorithm>
#include <utility>

namespace cardea::peer {
namespace {

constexpr std::size_t kFirstSlots = 64;

}  // namespace

void RtxCache::store(std::uint64_t seq, const PacketRef& buffer, const rtp::Packet& packet,
                     Time now) {
  evict(now);
  if (size() == slots_.size()) {
    if (slots_.size() < max_slots_) {
      grow();
    } else {
      drop_oldest();
    }
  }
  Slot& free = slot(next_);
  free.seq = seq;
  free.at = now;
  free.buffer = buffer;
  free.packet = packet;
  index_[seq & (index_.size() - 1)] = next_;
  ++next_;
}

void RtxCache::grow() {
  std::vector<Slot> slots(std::min(max_slots_, std::max(kFirstSlots, 2 * slots_.size())));
  index_.assign(slots.size(), 0);
  for (std::uint64_t position = first_; position != next_; ++position) {
    Slot& old = slot(position);
    index_[old.seq & (index_.size() - 1)] = position;
    slots[position & (slots.size() - 1)] = std::move(old);
  }
  slots_ = std::move(slots);
}

const rtp::Packet* RtxCache::find(std::uint64_t seq) const {
  if (first_ == next_) {
    return nullptr;
  }
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
