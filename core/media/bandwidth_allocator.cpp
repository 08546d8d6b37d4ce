// A greedy division in rounds, with memory of what was given before.
#include "core/media/bandwidth_allocator.hpp"

#include <algorithm>

namespace cardea::media {

namespace {

// Room above what a step up costs, in percent: layers vary, and the estimate swings by 15 %.
constexpr std::uint64_t kRoomToRise = 115;
// What is borne for kGrace: what was given may be this much of the estimate, in percent.
constexpr std::uint64_t kBearable = 120;

std::uint64_t rate_of(std::span<const Rung> ladder, std::optional<std::size_t> rung) {
  return rung ? ladder[*rung].bitrate : 0;
}

// Where a stream is now on its ladder, which may have changed: the same layer, or what costs no
// more.
std::optional<std::size_t> place_of(const std::optional<Rung>& before,
                                    std::span<const Rung> ladder) {
  std::optional<std::size_t> place;
  for (std::size_t i = 0; before && i < ladder.size(); ++i) {
    if (ladder[i].same_layer(*before)) {
      return i;
    }
    if (ladder[i].bitrate <= before->bitrate) {
      place = i;
    }
  }
  return place;
}

}  // namespace

void BandwidthAllocator::recall(std::span<const StreamDemand> demands) {
  memory_.reserve(memory_.size() + demands.size());
  work_.clear();
  for (const StreamDemand& demand : demands) {
    auto at = std::find_if(memory_.begin(), memory_.end(),
                           [&](const Memory& m) { return m.id == demand.id; });
    if (at == memory_.end()) {
      at = memory_.insert(at, Memory{demand.id, std::nullopt, Time(), false});
    }
    at->seen = true;
    work_.push_back({&demand, &*at, place_of(at->rung, demand.ladder), std::nullopt, false});
  }
}

// What may be divided: the estimate, or for a moment what is given already.
std::uint64_t BandwidthAllocator::bearable(std::uint64_t estimate, Time now) {
  std::uint64_t given = 0;
  for (const Work& work : work_) {
    given += rate_of(work.demand->ladder, work.before);
  }
  if (given <= estimate || given * 100 > estimate * kBearable) {
    too_much_since_ = Time();
    return estimate;
  }
  if (too_much_since_ == Time()) {
    too_much_since_ = now;
  }
  return now - too_much_since_ < kGrace ? given : estimate;
}

// One step up the ladder, if it fits. @returns whether it did.
bool BandwidthAllocator::raise(Work& work, std::uint64_t& left, Time now) const {
  const auto ladder = work.demand->ladder;
  const std::size_t next = work.rung ? *work.rung + 1 : 0;
  if (next >= ladder.size()) {
    return false;
  }
  const std::uint64_t cost = ladder[next].bitrate - rate_of(ladder, work.rung);
  const bool is_new = !work.before || next > *work.before;
  const bool held = is_new && work.memory->lowered != Time() && now - work.memory->lowered < kHold;
  // A stream that was never lowered may begin without room to spare.
  const bool needs_room = is_new && (work.before || work.memory->lowered != Time());
  const std::uint64_t needed = needs_room ? cost * kRoomToRise / 100 : cost;
  if (held || needed > left) {
    return false;
  }
  left -= cost;
  work.rung = next;
  return true;
}

void BandwidthAllocator::raise_group(std::span<Work*> group, std::uint64_t& left, Time now) const {
  for (bool moved = true; moved;) {
    moved = false;
    for (Work* work : group) {
      // Without its least it is paused, and stays so.
      work->done = work->done || !work->rung || !raise(*work, left, now);
      moved = moved || !work->done;
    }
  }
}

void BandwidthAllocator::distribute(std::uint64_t left, Time now) {
  order_.clear();
  for (Work& work : work_) {
    const auto ladder = work.demand->ladder;
    if (!work.demand->audio) {
      order_.push_back(&work);
    } else if (!ladder.empty()) {
      work.rung = ladder.size() - 1;
      left -= std::min(left, ladder.back().bitrate);
    }
  }
  std::stable_sort(order_.begin(), order_.end(), [](const Work* a, const Work* b) {
    return a->demand->priority > b->demand->priority;
  });
  for (Work* work : order_) {
    raise(*work, left, now);
  }
  for (auto first = order_.begin(); first != order_.end();) {
    const std::int32_t priority = (*first)->demand->priority;
    const auto last = std::find_if(first, order_.end(), [priority](const Work* work) {
      return work->demand->priority != priority;
    });
    raise_group({first, last}, left, now);
    first = last;
  }
}

void BandwidthAllocator::remember(Time now) {
  allocations_.clear();
  wanted_ = allocated_ = 0;
  for (const Work& work : work_) {
    const auto ladder = work.demand->ladder;
    Memory& memory = *work.memory;
    const bool fell = work.before && (!work.rung || *work.rung < *work.before);
    // A stream that could not begin waits like one that fell.
    const bool could_not_begin = !work.rung && !ladder.empty() && memory.lowered == Time();
    if (fell || could_not_begin) {
      memory.lowered = now;
    }
    if (!ladder.empty()) {
      memory.rung = work.rung ? std::optional(ladder[*work.rung]) : std::nullopt;
      wanted_ += ladder.back().bitrate;
      allocated_ += rate_of(ladder, work.rung);
    }
    allocations_.push_back({work.demand->id, work.rung});
  }
  std::erase_if(memory_, [](const Memory& m) { return !m.seen; });
  for (Memory& memory : memory_) {
    memory.seen = false;
  }
}

std::span<const Allocation> BandwidthAllocator::allocate(std::uint64_t estimate,
                                                         std::span<const StreamDemand> demands,
                                                         Time now) {
  recall(demands);
  distribute(bearable(estimate, now), now);
  remember(now);
  return allocations_;
}

}  // namespace cardea::media
