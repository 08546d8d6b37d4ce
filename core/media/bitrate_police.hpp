// Drops what a sender sends well beyond the bitrate that it was told (threat M11).
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/base/time.hpp"

namespace cardea::media {

/// Sans-IO. A bucket of bytes: half as much again as the cap goes through for ever, two seconds of
/// it at once, so that key frames and a slow reaction to REMB cost nothing.
class BitratePolice {
 public:
  /// @param bitrate bit/s, 0: everything passes.
  void set(std::uint32_t bitrate) {
    rate_ = std::uint64_t{bitrate} * 3 / 2 / 8;
    credit_ = rate_ * 2;
  }
  [[nodiscard]] bool on() const { return rate_ != 0; }

  bool allows(std::size_t bytes, Time now) {
    if (at_ != Time()) {
      const auto passed =
          static_cast<std::uint64_t>(std::clamp<std::int64_t>((now - at_).count(), 0, 2'000'000));
      fraction_ += passed * rate_;
      credit_ = std::min(credit_ + fraction_ / 1'000'000, rate_ * 2);
      fraction_ %= 1'000'000;
    }
    at_ = now;
    if (credit_ < bytes) {
      return false;
    }
    credit_ -= bytes;
    return true;
  }

 private:
  std::uint64_t rate_ = 0;  // bytes per second
  std::uint64_t credit_ = 0;
  std::uint64_t fraction_ = 0;
  Time at_;
};

}  // namespace cardea::media
