// Pooled packet buffers with reference counts: what a received packet lives in while sinks may
// still ask for it again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/bytes.hpp"

namespace cardea {

/// Holds any packet of a WebRTC path.
inline constexpr std::size_t kPacketCapacity = 1600;

class PacketPool;

/// Shared hold on one pooled buffer. One thread: the count is not atomic. Must not outlive its
/// pool.
class PacketRef {
 public:
  PacketRef() = default;
  ~PacketRef() { reset(); }
  PacketRef(const PacketRef& other) : buffer_(other.buffer_) {
    if (buffer_ != nullptr) {
      ++buffer_->references;
    }
  }
  PacketRef(PacketRef&& other) noexcept : buffer_(std::exchange(other.buffer_, nullptr)) {}
  PacketRef& operator=(PacketRef other) noexcept {
    std::swap(buffer_, other.buffer_);
    return *this;
  }

  explicit operator bool() const { return buffer_ != nullptr; }
  /// All kPacketCapacity bytes. Not on an empty reference.
  [[nodiscard]] MutableBytes space() const { return buffer_->bytes; }
  /// Somebody else holds the buffer too.
  [[nodiscard]] bool shared() const { return buffer_ != nullptr && buffer_->references > 1; }
  inline void reset();

 private:
  friend class PacketPool;
  struct Buffer {
    PacketPool* pool = nullptr;
    Buffer* next_free = nullptr;
    std::uint32_t references = 0;
    std::uint8_t bytes[kPacketCapacity];
  };

  explicit PacketRef(Buffer* buffer) : buffer_(buffer) { ++buffer_->references; }

  Buffer* buffer_ = nullptr;
};

/// A bounded set of buffers, taken from the heap in blocks as needed and kept. One thread.
class PacketPool {
 public:
  /// @param max_buffers rounded up to whole blocks of 64 (104 KiB).
  explicit PacketPool(std::size_t max_buffers);
  ~PacketPool();
  PacketPool(const PacketPool&) = delete;
  PacketPool& operator=(const PacketPool&) = delete;

  /// A buffer of unspecified content; empty when all are in use.
  PacketRef take();
  /// Buffers that take() can still give.
  [[nodiscard]] std::size_t available() const { return max_buffers_ - in_use_; }
  [[nodiscard]] std::size_t in_use() const { return in_use_; }

 private:
  friend class PacketRef;
  static constexpr std::size_t kBlock = 64;

  void grow();
  void give_back(PacketRef::Buffer* buffer) {
    buffer->next_free = free_;
    free_ = buffer;
    --in_use_;
  }

  std::size_t max_buffers_;
  std::size_t in_use_ = 0;
  PacketRef::Buffer* free_ = nullptr;
  std::vector<std::unique_ptr<PacketRef::Buffer[]>> blocks_;
};

inline void PacketRef::reset() {
  if (buffer_ != nullptr && --buffer_->references == 0) {
    buffer_->pool->give_back(buffer_);
  }
  buffer_ = nullptr;
}

}  // namespace cardea
