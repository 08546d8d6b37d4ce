// The data thread's figures in /metrics.
#pragma once

#include <array>
#include <cstdint>

#include "core/media/data_hub.hpp"
#include "core/metrics/metrics.hpp"

namespace cardea::media {

/// Made on control, then used by the data thread.
class DataMetrics {
 public:
  explicit DataMetrics(metrics::Registry& registry);

  void publish(const DataHub& hub);

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

  Series messages_in_;
  Series messages_out_;
  Series bytes_in_;
  Series bytes_out_;
  std::array<Series, sctp::kRefusals> refused_;
  Series message_limit_;
  Series channel_limit_;
  Series inbox_limit_;
  Series queue_limit_;
  metrics::Gauge associations_;
  metrics::Gauge channels_;
  metrics::Gauge routes_;
};

}  // namespace cardea::media
