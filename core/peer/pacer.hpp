// Says how many bytes of which kind may go to one remote now.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/time.hpp"
#include "core/peer/bwe/prober.hpp"

namespace cardea::peer {

/// In the order in which a sender serves them.
enum class SendClass : std::uint8_t { Audio, Retransmission, Video, Padding };

/// Sans-IO, one thread. It holds no packets (docs/adr/0011): the caller asks for a budget, sends
/// whole packets while there is some, and tells what it sent. Budgets come in pieces of some
/// packets, so that what leaves together can leave as one GSO run.
class Pacer {
 public:
  /// Between two budgets while more waits than may go.
  static constexpr Duration kInterval = std::chrono::milliseconds(5);
  /// What waits longer is overlong: it is drained faster, and the caller should send less.
  static constexpr Duration kMaxQueue = std::chrono::milliseconds(200);

  /// @param estimate bit/s; media may go at some times of it.
  void set_estimate(std::uint64_t estimate);
  /// Bytes of video that the caller holds back now.
  void set_waiting(std::size_t bytes) { waiting_ = bytes; }
  /// Padding may fill up to the rate of the probe. @param probe null when it is over.
  void set_probe(const Probe* probe, Time now);

  /// Bytes of the class that may go now; a packet that begins within them may go whole. Audio
  /// always may.
  std::size_t budget(SendClass kind, Time now);
  void sent(SendClass kind, std::size_t bytes, Time now);

  /// More waits than leaves in kMaxQueue at the usual pace.
  [[nodiscard]] bool overlong() const;
  /// When there is a budget for video again, `now` when there is one.
  [[nodiscard]] Time next_deadline(Time now);

 private:
  void refill(Time now);
  /// bytes per second
  [[nodiscard]] std::uint64_t rate() const;
  [[nodiscard]] std::int64_t piece() const;
  [[nodiscard]] std::size_t padding(Time now) const;

  std::uint64_t pace_ = 0;  // bytes per second
  std::size_t waiting_ = 0;
  // A bucket; below zero after a packet that was larger than what was left.
  std::int64_t level_ = 0;
  std::int64_t fraction_ = 0;  // of a byte, in millionths
  Time refilled_;
  // The probe that goes on.
  std::uint16_t cluster_ = 0;
  std::uint64_t probe_rate_ = 0;  // bytes per second
  std::uint32_t probe_bytes_ = 0;
  std::size_t probe_sent_ = 0;
  Time probe_since_;
};

}  // namespace cardea::peer
