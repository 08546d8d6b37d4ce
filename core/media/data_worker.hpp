// The thread that drives the data channels of all peers: usrsctp has one state for the process.
#pragma once

#include <atomic>

#include "core/base/mailbox.hpp"
#include "core/log/log.hpp"
#include "core/media/data_hub.hpp"
#include "core/media/data_messages.hpp"
#include "core/media/data_metrics.hpp"
#include "core/metrics/metrics.hpp"
#include "core/net/event_loop.hpp"

namespace cardea::media {

/// Owns its hub; only run() touches it. Between it, the workers and control go messages.
class DataWorker {
 public:
  DataWorker(log::Logger log, metrics::Registry& metrics);
  DataWorker(const DataWorker&) = delete;
  DataWorker& operator=(const DataWorker&) = delete;

  /// [the data thread] Until stop().
  void run();
  /// [any] Ends run().
  void stop();
  /// Written by workers and control.
  [[nodiscard]] Mailbox<DataInput>& inputs() { return inputs_; }
  /// Read by control.
  [[nodiscard]] Mailbox<DataNotice>& notices() { return notices_; }

 private:
  void end_of_turn();

  log::Logger log_;
  DataMetrics metrics_;
  DataHub hub_;
  net::EventLoop loop_;
  Mailbox<DataInput> inputs_;
  Mailbox<DataNotice> notices_;
  Time next_publish_;
  std::atomic<bool> stopped_{false};
};

}  // namespace cardea::media
