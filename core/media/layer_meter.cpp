// Bytes per layer and period, smoothed.
#include "core/media/layer_meter.hpp"

#include <algorithm>

namespace cardea::media {

namespace {

// Weight of the newest period: half of what is told is of the last 1.2 s.
constexpr double kNewest = 0.25;
// A step that costs less than a tenth more is no step.
constexpr double kWorthAStep = 1.1;

}  // namespace

void LayerMeter::add(std::int32_t substream, std::int32_t temporal, std::size_t bytes, Time now) {
  if (since_ == Time()) {
    since_ = now;
  }
  if (now - since_ >= kPeriod) {
    close_period(now);
  }
  const auto s = static_cast<std::size_t>(std::clamp<std::int32_t>(substream, 0, kSubstreams - 1));
  const auto t = static_cast<std::size_t>(std::clamp<std::int32_t>(temporal, 0, kTemporals - 1));
  cells_[s][t].bytes += bytes;
  cells_[s][t].last = now;
}

void LayerMeter::close_period(Time now) {
  const double us = static_cast<double>((now - since_).count());
  for (auto& substream : cells_) {
    for (Cell& cell : substream) {
      const double rate = static_cast<double>(cell.bytes) * 8e6 / us;
      // A layer that begins, or begins again, is what it is at once.
      cell.bitrate += (cell.bitrate > 0 ? kNewest : 1) * (rate - cell.bitrate);
      if (cell.bytes == 0 && now - cell.last > kSilent) {
        cell.bitrate = 0;
      }
      cell.bytes = 0;
    }
  }
  since_ = now;
  measured_ = true;
}

std::vector<Rung> LayerMeter::ladder(bool svc, Time now) const {
  std::vector<Rung> rungs;
  if (!measured_) {
    return rungs;
  }
  double below = 0;
  for (std::size_t s = 0; s < kSubstreams; ++s) {
    double rate = svc ? below : 0;
    for (std::size_t t = 0; t < kTemporals; ++t) {
      const Cell& cell = cells_[s][t];
      if (cell.bitrate <= 0 || now - cell.last > kSilent) {
        continue;
      }
      rate += cell.bitrate;
      const double least =
          rungs.empty() ? 0 : kWorthAStep * static_cast<double>(rungs.back().bitrate);
      if (rate > least) {
        rungs.push_back({static_cast<std::int32_t>(s), static_cast<std::int32_t>(t),
                         static_cast<std::uint64_t>(rate)});
      }
    }
    below = rate;
  }
  return rungs;
}

}  // namespace cardea::media
