// The pool's free list and its growth.
#include "core/base/packet_pool.hpp"

#include <cassert>

namespace cardea {

PacketPool::PacketPool(std::size_t max_buffers)
    : max_buffers_((max_buffers + kBlock - 1) / kBlock * kBlock) {}

PacketPool::~PacketPool() { assert(in_use_ == 0); }

PacketRef PacketPool::take() {
  if (free_ == nullptr) {
    grow();
  }
  if (free_ == nullptr) {
    return {};
  }
  PacketRef::Buffer* buffer = free_;
  free_ = buffer->next_free;
  ++in_use_;
  return PacketRef(buffer);
}

void PacketPool::grow() {
  if (blocks_.size() * kBlock >= max_buffers_) {
    return;
  }
  // Not value-initialised: zeroing 100 KiB in the packet path would be felt.
  blocks_.emplace_back(new PacketRef::Buffer[kBlock]);
  for (std::size_t i = 0; i < kBlock; ++i) {
    PacketRef::Buffer& buffer = blocks_.back()[i];
    buffer.pool = this;
    buffer.next_free = free_;
    free_ = &buffer;
  }
}

}  // namespace cardea
