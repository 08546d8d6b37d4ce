// A route's end at which an observer gets the packets.
#pragma once

#include <memory>

#include "core/media/observer_thread.hpp"
#include "core/peer/numbering.hpp"
#include "core/peer/packet_sink.hpp"

namespace cardea::media {

/// Packets as the publisher sent them, but numbered without gaps over layers and pauses. Ends its
/// queue when it dies. One thread.
class Tap final : public peer::PacketSink {
 public:
  explicit Tap(std::shared_ptr<ObserverQueue> queue) : queue_(std::move(queue)) {}
  ~Tap() override { queue_->end(); }
  Tap(const Tap&) = delete;
  Tap& operator=(const Tap&) = delete;

  void attach(const peer::SourceLine& source, bool anew) override {
    clock_rate_ = source.clock_rate;
    if (anew) {
      numbering_.restart();
    }
  }
  void detach() override { numbering_.restart(); }
  void skip() override { numbering_.restart(); }
  [[nodiscard]] bool ready() const override { return true; }
  bool forward(const peer::SourcePacket& in, bool ends_picture, Time now) override;
  void leave_out(const peer::SourcePacket& in) override { numbering_.leave_out(in); }

 private:
  std::shared_ptr<ObserverQueue> queue_;
  peer::Numbering numbering_;
  std::uint32_t clock_rate_ = 0;
};

}  // namespace cardea::media
