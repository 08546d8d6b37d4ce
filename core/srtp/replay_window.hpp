// Which packet indices of one stream have been seen: the sliding window of RFC 3711 3.3.2.
#pragma once

#include <array>
#include <cstdint>

namespace cardea::srtp {

/// Remembers the 1024 indices up to the highest. Threat M4: never off, and wide enough for a burst
/// of reordered video.
class ReplayWindow {
 public:
  static constexpr std::uint64_t kSize = 1024;

  /// False for an index seen before or too old to know. Changes nothing: the packet is not
  /// authentic yet.
  [[nodiscard]] bool is_new(std::uint64_t index) const;
  /// Marks an authentic packet.
  void commit(std::uint64_t index);

  [[nodiscard]] bool empty() const { return empty_; }
  /// The highest index committed; zero while empty.
  [[nodiscard]] std::uint64_t highest() const { return highest_; }

 private:
  static constexpr std::uint64_t kWordBits = 64;

  [[nodiscard]] static std::size_t word(std::uint64_t index) {
    return static_cast<std::size_t>((index % kSize) / kWordBits);
  }
  [[nodiscard]] static std::uint64_t bit(std::uint64_t index) {
    return std::uint64_t{1} << (index % kWordBits);
  }

  std::array<std::uint64_t, kSize / kWordBits> seen_{};
  std::uint64_t highest_ = 0;
  bool empty_ = true;
};

}  // namespace cardea::srtp
