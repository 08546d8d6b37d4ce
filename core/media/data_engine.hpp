// The data channels as control sees them: the data thread behind its messages, and what each peer
// may still send.
#pragma once

#include <cstdint>
#include <memory>
#include <thread>
#include <unordered_map>

#include <cardea/sdk/result.hpp>

#include "core/log/log.hpp"
#include "core/media/data_credit.hpp"
#include "core/media/data_messages.hpp"
#include "core/media/data_worker.hpp"
#include "core/media/engine.hpp"
#include "core/metrics/metrics.hpp"
#include "core/net/event_loop.hpp"

namespace cardea::media {

/// [control] All calls. What it notices reaches the listener from the control loop, never from
/// inside a call.
class DataEngine {
 public:
  /// All references outlive it.
  DataEngine(log::Logger log, metrics::Registry& metrics, net::EventLoop& control_loop)
      : log_(std::move(log)), metrics_(metrics), loop_(control_loop) {}
  /// Calls stop().
  ~DataEngine() { stop(); }
  DataEngine(const DataEngine&) = delete;
  DataEngine& operator=(const DataEngine&) = delete;

  /// Before start().
  void listen(Listener& listener) { listener_ = &listener; }
  Result<void> start();
  /// After the workers' threads have ended, before the workers are destroyed.
  void stop();
  /// For the workers. Valid from start() to stop().
  [[nodiscard]] Mailbox<DataInput>& inputs() { return worker_->inputs(); }

  /// It was made or renegotiated. @param params its m-lines.
  void peer_changed(PeerId peer, std::uint32_t epoch, const peer::Params& params);
  void peer_gone(PeerId peer);

  /// Whether data channels were negotiated there.
  [[nodiscard]] bool has(LineRef line) const;
  /// Between lines that has() knows.
  RouteId add_route(LineRef source, LineRef sink, const RouteSettings& settings);
  void set_route(RouteId route, const RouteSettings& settings);
  void remove_route(RouteId route);
  /// Observes what a line that has() knows sends; a route to the other calls.
  RouteId add_tap(LineRef source, bool paused, std::shared_ptr<ObserverQueue> queue);
  static bool is_ours(RouteId route) { return (route & kDataRoute) != 0; }

  DataSent send(PeerId peer, DataMessage message);

 private:
  struct Entry {
    std::uint32_t epoch = 0;
    std::uint32_t line = 0;
    DataCredit credit;
  };

  void post(DataInput input);
  void take_notices();
  void deliver(const DataNotice& notice);

  log::Logger log_;
  metrics::Registry& metrics_;
  net::EventLoop& loop_;
  Listener* listener_ = nullptr;
  std::unique_ptr<DataWorker> worker_;
  std::thread thread_;
  std::unordered_map<PeerId, Entry> peers_;
  RouteId last_route_ = 0;
};

}  // namespace cardea::media
