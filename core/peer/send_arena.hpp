// Where outgoing datagrams are written: one contiguous piece of memory per loop turn, in which the
// consecutive packets to one receiver form a run that leaves as a single GSO message.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/path.hpp"

namespace cardea::peer {

/// Datagrams to one receiver, laid end to end: each of `segment` bytes, the last may be shorter.
struct SendRun {
  Path to;
  const std::uint8_t* data = nullptr;
  std::uint32_t size = 0;
  std::uint16_t segment = 0;

  [[nodiscard]] std::size_t packets() const { return (size + segment - 1) / segment; }
};

/// One thread. No allocation after construction. The memory is small on purpose: it is used again
/// and again within one turn and so stays in the cache.
class SendArena {
 public:
  static constexpr std::size_t kMaxDatagram = 2048;
  // What the kernel takes in one GSO message on all kernels (see engineering notes, section 5).
  static constexpr std::uint32_t kMaxSegments = 64;
  static constexpr std::uint32_t kMaxRunBytes = 65'000;

  /// Sends the runs; they are gone afterwards.
  using Flush = std::function<void(std::span<const SendRun>)>;

  /// @param bytes at least kMaxDatagram. @param max_runs flushed when so many wait.
  SendArena(std::size_t bytes, std::size_t max_runs, Flush flush);

  /// Space for one datagram of at most `max` (<= kMaxDatagram) bytes, good until the next call of
  /// any member. Flushes first when the arena is full. Without commit() nothing is sent.
  MutableBytes reserve(std::size_t max) {
    if (used_ + max > size_) {
      flush();
    }
    return {memory_.get() + used_, max};
  }

  /// The first `size` bytes of the space reserved last are a datagram to `to`.
  void commit(const Path& to, std::size_t size);
  /// reserve(), copy and commit().
  void add(const Path& to, Bytes datagram);

  /// At the end of each turn.
  void flush();
  [[nodiscard]] bool empty() const { return runs_.empty(); }

 private:
  [[nodiscard]] bool extends_last(const Path& to, std::size_t size) const;

  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t size_;
  std::size_t used_ = 0;
  std::size_t max_runs_;
  std::vector<SendRun> runs_;
  // A shorter datagram ends a run: the kernel cuts at `segment`.
  bool run_open_ = false;
  Flush flush_;
};

}  // namespace cardea::peer
