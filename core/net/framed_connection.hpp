// One TCP connection that carries datagrams in frames (RFC 4571), with a bounded queue.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/net/frame_reader.hpp"

namespace cardea::net {

/// One thread. Owns its descriptor.
class FramedConnection {
 public:
  // A slow reader loses video first: big datagrams are not queued beyond the first bound, small
  // ones (audio, checks, reports) not beyond the second. The kernel holds kUnsent more.
  static constexpr std::size_t kBigQueued = std::size_t{128} * 1024;
  static constexpr std::size_t kQueued = std::size_t{160} * 1024;
  static constexpr std::size_t kBig = 400;
  static constexpr int kUnsent = 32 * 1024;

  /// @param fd connected and non-blocking; closed by this object.
  explicit FramedConnection(int fd);
  ~FramedConnection();
  FramedConnection(const FramedConnection&) = delete;
  FramedConnection& operator=(const FramedConnection&) = delete;

  [[nodiscard]] int fd() const { return fd_; }

  /// Reads once, at most as much as `space` holds. False when the connection is over or broken.
  bool read(MutableBytes space, const std::function<void(Bytes frame)>& frame);
  /// False when it was dropped because too much waits.
  bool queue(Bytes datagram);
  /// Writes what waits, as much as goes. False when the connection is broken.
  bool flush();
  /// Wait for EPOLLOUT, then flush() again.
  [[nodiscard]] bool waits() const { return sent_ < pending_.size(); }

 private:
  int fd_;
  FrameReader reader_;
  /// From `sent_` on it is still to be written.
  std::vector<std::uint8_t> pending_;
  std::size_t sent_ = 0;
};

}  // namespace cardea::net
