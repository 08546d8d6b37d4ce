// The bitrate of each layer of one source, as it arrives.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/time.hpp"

namespace cardea::media {

/// What a viewer can be given of one stream: everything up to these layers.
struct Rung {
  std::int32_t substream = 0;  ///< simulcast or spatial layer
  std::int32_t temporal = 0;
  std::uint64_t bitrate = 0;  ///< bit/s of all that it takes
  [[nodiscard]] bool same_layer(const Rung& other) const {
    return substream == other.substream && temporal == other.temporal;
  }
};

/// Sans-IO, one thread, one per source: its cost does not grow with the viewers.
class LayerMeter {
 public:
  static constexpr std::size_t kSubstreams = 3;
  static constexpr std::size_t kTemporals = 4;

  /// One packet. Layers beyond those counted count as the highest.
  void add(std::int32_t substream, std::int32_t temporal, std::size_t bytes, Time now);

  /// From little to much, each step worth taking. @param svc a spatial layer needs those below it;
  /// simulcast layers do not. Empty until something was measured; a layer that sends nothing is
  /// left out.
  [[nodiscard]] std::vector<Rung> ladder(bool svc, Time now) const;

 private:
  // A key frame is several times an average frame: seconds make an average of it.
  static constexpr Duration kPeriod = std::chrono::milliseconds(500);
  static constexpr Duration kSilent = std::chrono::milliseconds(1500);
  struct Cell {
    std::uint64_t bytes = 0;
    double bitrate = 0;
    Time last;
  };

  void close_period(Time now);

  std::array<std::array<Cell, kTemporals>, kSubstreams> cells_;
  Time since_;
  bool measured_ = false;
};

}  // namespace cardea::media
