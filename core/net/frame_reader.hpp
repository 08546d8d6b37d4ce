// Cuts a byte stream into frames with a length of 16 bits before each (RFC 4571).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "core/base/bytes.hpp"
#include "core/base/packet_pool.hpp"

namespace cardea::net {

constexpr std::size_t kFrameHeader = 2;

/// Sans-IO. Holds one frame that has not come whole.
class FrameReader {
 public:
  /// Calls `frame(MutableBytes)` for each whole frame, in order; empty ones are left out.
  /// @returns false when a frame is longer than kPacketCapacity: nothing behind it can be read.
  template <typename Frame>
  bool feed(Bytes bytes, Frame&& frame) {
    while (!bytes.empty()) {
      const std::size_t whole = held_ < kFrameHeader ? kFrameHeader : kFrameHeader + length();
      const std::size_t taken = std::min(bytes.size(), whole - held_);
      std::memcpy(buffer_.data() + held_, bytes.data(), taken);
      held_ += taken;
      bytes = bytes.subspan(taken);
      if (held_ < kFrameHeader) {
        return true;
      }
      if (length() > kPacketCapacity) {
        return false;
      }
      if (held_ == kFrameHeader + length()) {
        held_ = 0;
        if (length() != 0) {
          frame(MutableBytes(buffer_).subspan(kFrameHeader, length()));
        }
      }
    }
    return true;
  }

 private:
  [[nodiscard]] std::size_t length() const {
    return static_cast<std::size_t>(buffer_[0]) << 8 | buffer_[1];
  }

  std::array<std::uint8_t, kFrameHeader + kPacketCapacity> buffer_{};
  std::size_t held_ = 0;
};

}  // namespace cardea::net
