// Divides what one viewer can receive among the streams that it gets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/time.hpp"
#include "core/media/layer_meter.hpp"

namespace cardea::media {

/// One stream of a viewer.
struct StreamDemand {
  std::uint64_t id = 0;  ///< the same from call to call
  bool audio = false;
  /// Higher ones are served first, as far as every stream has its least.
  std::int32_t priority = 0;
  /// What it can be given, from little to much, no further than the viewer wishes. Of audio only
  /// the last counts. Empty: nothing is known, nothing is decided.
  std::span<const Rung> ladder;
};

struct Allocation {
  std::uint64_t id = 0;
  /// Place in the ladder; empty: paused, since not even the least fits. (Of an empty ladder:
  /// nothing is decided.)
  std::optional<std::size_t> rung;
};

/// Sans-IO, one thread, one per viewer. Audio comes first and is never paused; then the least of
/// each video, by priority; then step by step more, in turn within one priority. Down at once, up
/// with some room to spare and not right after a fall: each switch costs a key frame.
class BandwidthAllocator {
 public:
  /// No stream is raised or resumed so soon after it was lowered.
  static constexpr Duration kHold = std::chrono::seconds(2);
  /// A little too much is borne for so long: one back-off of the estimate is no reason to switch.
  static constexpr Duration kGrace = std::chrono::seconds(1);

  /// @param estimate bit/s. @returns one entry for each demand, in their order; good until the next
  /// call.
  std::span<const Allocation> allocate(std::uint64_t estimate,
                                       std::span<const StreamDemand> demands, Time now);

  /// What all streams together would take at their best: BandwidthEstimator::set_wanted(). bit/s
  [[nodiscard]] std::uint64_t wanted() const { return wanted_; }
  /// What was given. bit/s
  [[nodiscard]] std::uint64_t allocated() const { return allocated_; }

 private:
  struct Memory {
    std::uint64_t id = 0;
    std::optional<Rung> rung;
    Time lowered;
    bool seen = false;
  };
  /// One demand while it is decided upon.
  struct Work {
    const StreamDemand* demand = nullptr;
    Memory* memory = nullptr;
    std::optional<std::size_t> before;
    std::optional<std::size_t> rung;
    bool done = false;
  };

  void recall(std::span<const StreamDemand> demands);
  [[nodiscard]] std::uint64_t bearable(std::uint64_t estimate, Time now);
  bool raise(Work& work, std::uint64_t& left, Time now) const;
  void raise_group(std::span<Work*> group, std::uint64_t& left, Time now) const;
  void distribute(std::uint64_t left, Time now);
  void remember(Time now);

  std::vector<Memory> memory_;
  std::vector<Work> work_;
  std::vector<Work*> order_;
  std::vector<Allocation> allocations_;
  std::uint64_t wanted_ = 0;
  std::uint64_t allocated_ = 0;
  Time too_much_since_;
};

}  // namespace cardea::media
