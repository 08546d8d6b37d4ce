// Tells from audio levels who talks (RFC 6464): the mean of some packets against a threshold.
#pragma once

#include <cstdint>
#include <optional>

namespace cardea::media {

/// Sans-IO.
class TalkMeter {
 public:
  struct Change {
    bool talks = false;
    double level = 0;  ///< -dBov
  };

  /// @param level of one packet, 0 loudest .. 127. @param packets that a judgement takes, at least
  /// 1. @param threshold a mean below it is talk.
  std::optional<Change> level(std::uint8_t level, std::uint32_t packets, std::uint32_t threshold) {
    sum_ += level;
    if (++count_ < packets) {
      return std::nullopt;
    }
    const double mean = static_cast<double>(sum_) / count_;
    sum_ = 0;
    count_ = 0;
    const bool talks = mean < threshold;
    if (talks == talks_) {
      return std::nullopt;
    }
    talks_ = talks;
    return Change{talks, mean};
  }

 private:
  std::uint64_t sum_ = 0;
  std::uint32_t count_ = 0;
  bool talks_ = false;
};

}  // namespace cardea::media
