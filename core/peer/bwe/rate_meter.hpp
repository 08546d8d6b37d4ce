// Measures a bitrate over the last half second.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/time.hpp"

namespace cardea::peer {

/// Sans-IO. Of what was sent, or (by times of arrival) of what the remote acknowledged: R_hat of
/// draft-ietf-rmcat-gcc-02 5.5, which asks for a window of 0.5 to 1 s.
class RateMeter {
 public:
  static constexpr Duration kWindow = std::chrono::milliseconds(500);

  void add(Time at, std::size_t bytes);
  /// bit/s over the last `window` (at most kWindow) before the newest addition; empty until
  /// something was measured for a fifth of kWindow.
  [[nodiscard]] std::optional<std::uint64_t> rate(Duration window = kWindow) const;

 private:
  static constexpr Duration kSlot = std::chrono::milliseconds(25);
  static constexpr std::size_t kSlots = kWindow / kSlot;

  // Bytes by time, as a ring of slots; newest_ is the slot's number since the epoch.
  std::array<std::uint32_t, kSlots> slots_{};
  std::int64_t first_ = 0;
  std::int64_t newest_ = 0;
  bool started_ = false;
};

}  // namespace cardea::peer
