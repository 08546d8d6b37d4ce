// Packets of one layer, sorted, since its last key frame.
#include "core/peer/frame_cache.hpp"

#include <algorithm>

namespace cardea::peer {
namespace {

// Of one picture; a key frame has no more in a stream that the cache could hold.
constexpr std::size_t kMostEarly = 64;

bool before(const FrameCache::Held& held, std::uint64_t seq) { return held.packet.seq < seq; }

}  // namespace

bool FrameCache::begins(const SourcePacket& packet) const {
  if (!packet.frame.keyframe) {
    return false;
  }
  if (held_.empty() || held_.front().packet.epoch != packet.epoch) {
    return true;
  }
  // Parameter sets and slices of one key frame may each look like a beginning.
  const SourcePacket& first = held_.front().packet;
  return packet.seq > first.seq && packet.packet.timestamp() != first.packet.timestamp();
}

bool FrameCache::follows(const SourcePacket& packet) const {
  if (held_.empty() || packet.epoch != held_.front().packet.epoch) {
    return false;
  }
  const SourcePacket& first = held_.front().packet;
  return packet.seq > first.seq || packet.packet.timestamp() == first.packet.timestamp();
}

void FrameCache::begin(const SourcePacket& packet, Time now) {
  if (!held_.empty() && held_.front().packet.epoch != packet.epoch) {
    held_.clear();
  }
  // What overtook the key frame stays.
  held_.erase(held_.begin(), std::lower_bound(held_.begin(), held_.end(), packet.seq, before));
  bytes_ = 0;
  for (const Held& held : held_) {
    bytes_ += held.packet.packet.bytes().size();
  }
  since_ = now;
}

void FrameCache::insert(const SourcePacket& packet, const PacketRef& buffer) {
  auto at = held_.end();
  if (!held_.empty() && held_.back().packet.seq > packet.seq) {
    at = std::lower_bound(held_.begin(), held_.end(), packet.seq, before);
    if (at->packet.seq == packet.seq) {
      return;
    }
  }
  const auto placed = held_.insert(at, {buffer, packet});
  // It is late for those who watch, not for those who will get it from here.
  placed->packet.repaired = false;
  bytes_ += packet.packet.bytes().size();
}

void FrameCache::keep_early(const SourcePacket& packet, const PacketRef& buffer) {
  if (!early_.empty() && early_.front().packet.packet.timestamp() != packet.packet.timestamp()) {
    early_.clear();
  }
  if (early_.size() < kMostEarly) {
    early_.push_back({buffer, packet});
  }
}

void FrameCache::take_early(const SourcePacket& keyframe) {
  for (const Held& early : early_) {
    const SourcePacket& packet = early.packet;
    if (packet.epoch == keyframe.epoch && packet.seq > keyframe.seq &&
        packet.packet.timestamp() == keyframe.packet.timestamp()) {
      insert(packet, early.buffer);
    }
  }
  early_.clear();
}

void FrameCache::store(const SourcePacket& packet, const PacketRef& buffer, Time now) {
  evict(now);
  if (begins(packet)) {
    begin(packet, now);
  } else if (held_.empty()) {
    return keep_early(packet, buffer);
  } else if (!follows(packet)) {
    return;
  }
  insert(packet, buffer);
  take_early(packet);
  if (bytes_ > kMaxBytes) {
    clear();
  }
}

void FrameCache::evict(Time now) {
  if (!held_.empty() && since_ + kKeep < now) {
    clear();
  }
}

void FrameCache::clear() {
  held_.clear();
  early_.clear();
  bytes_ = 0;
}

std::span<const FrameCache::Held> FrameCache::packets_from(std::uint64_t seq) const {
  if (held_.empty() || held_.back().packet.seq < seq) {
    return {};
  }
  const auto first = std::lower_bound(held_.begin(), held_.end(), seq, before);
  return std::span(held_).subspan(static_cast<std::size_t>(first - held_.begin()));
}

const rtp::Packet* FrameCache::find(std::uint64_t seq) const {
  const auto found = packets_from(seq);
  return !found.empty() && found.front().packet.seq == seq ? &found.front().packet.packet : nullptr;
}

}  // namespace cardea::peer
