// A worker's figures in /metrics.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/packet_pool.hpp"
#include "core/media/shard.hpp"
#include "core/media/udp_port.hpp"
#include "core/metrics/metrics.hpp"

namespace cardea::media {

/// Copies plain counters to the registry's atomic ones, so that the packet path has none. Made on
/// control, then used by the worker's thread.
class WorkerMetrics {
 public:
  explicit WorkerMetrics(metrics::Registry& registry);

  void publish(const Shard& shard, const PacketPool& pool, const UdpPort& udp);

 private:
  /// A series and what was told of it before.
  struct Series {
    metrics::Counter counter;
    std::uint64_t told = 0;
    void tell(std::uint64_t total) {
      counter.add(total - told);
      told = total;
    }
  };
  /// A part of a sum over all workers.
  struct Level {
    metrics::Gauge gauge;
    std::int64_t told = 0;
    void tell(std::size_t value) {
      gauge.add(static_cast<std::int64_t>(value) - told);
      told = static_cast<std::int64_t>(value);
    }
  };
  using Field = std::uint64_t peer::Counters::*;
  struct FieldSeries {
    Field field = nullptr;
    Series series;
  };

  std::vector<FieldSeries> fields_;
  std::array<Series, peer::kDrops> drops_;
  Series dropped_full_;
  Series dropped_size_;
  Series dropped_error_;
  Series overflow_;
  Series truncated_;
  Series send_calls_;
  Level peers_;
  Level routes_;
  Level handshakes_;
  Level buffers_;
  metrics::Gauge receive_buffer_;
  metrics::Gauge send_buffer_;
};

}  // namespace cardea::media
