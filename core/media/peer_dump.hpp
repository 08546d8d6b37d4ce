// A peer's packets on their way to a dump file: queued for the observers' thread.
#pragma once

#include <array>
#include <memory>
#include <utility>

#include "core/media/observer_thread.hpp"
#include "core/peer/packet_dump.hpp"

namespace cardea::media {

/// Ends its queue when it dies. Each entry is a byte, 1 for an incoming packet, and the packet.
class PeerDump final : public peer::PacketDump {
 public:
  explicit PeerDump(std::shared_ptr<ObserverQueue> queue) : queue_(std::move(queue)) {}
  ~PeerDump() override { queue_->end(); }
  PeerDump(const PeerDump&) = delete;
  PeerDump& operator=(const PeerDump&) = delete;

  /// [worker] Whose time the packets bear; outlives the dump.
  void set_clock(const Time& now) { now_ = &now; }
  void packet(bool incoming, Bytes packet) override {
    const std::array<std::uint8_t, 1> direction{static_cast<std::uint8_t>(incoming ? 1 : 0)};
    queue_->put(now_ == nullptr ? Time() : *now_, false, direction, packet);
  }

 private:
  std::shared_ptr<ObserverQueue> queue_;
  const Time* now_ = nullptr;
};

}  // namespace cardea::media
