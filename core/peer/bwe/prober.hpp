// Sends a little more than media for some milliseconds and measures what the path makes of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/time.hpp"
#include "core/rtp/twcc_sender.hpp"

namespace cardea::peer {

/// What is to be sent: media as it comes, filled up by padding, all of it marked with `cluster`.
struct Probe {
  std::uint16_t cluster = 0;      ///< never 0
  std::uint64_t bitrate = 0;      ///< bit/s
  std::uint32_t bytes = 0;        ///< in all
  std::uint32_t packet_size = 0;  ///< of padding, at most: a slow link must not stand full
};

/// What the path made of a probe.
struct ProbeResult {
  std::uint64_t probed = 0;    ///< bit/s as it was asked for
  std::uint64_t measured = 0;  ///< bit/s
};

/// Sans-IO. One cluster at a time, some wait.
class Prober {
 public:
  /// Of higher bitrate than those that wait; at most kMostWaiting do.
  void request(std::uint64_t bitrate);
  void cancel();

  /// What to send now; null when nothing is probed. Gives up one that nobody sends.
  const Probe* current(Time now);
  /// A packet of the current cluster left.
  void sent(std::size_t bytes, Time now);
  void result(const rtp::PacketResult& result);
  /// The measurement, once all of the cluster was told of.
  std::optional<ProbeResult> take_result(Time now);
  /// Nothing is being sent, waits, or is still to be told of.
  [[nodiscard]] bool idle() const { return !probe_ && waiting_.empty(); }

 private:
  static constexpr std::size_t kMostWaiting = 4;
  enum class Stage : std::uint8_t { Sending, Sent };

  /// One end of a cluster: what left or what came.
  struct Side {
    Time first;
    Time last;
    std::size_t bytes = 0;
    std::size_t first_bytes = 0;  ///< of the packets at the time `first`
    std::size_t last_bytes = 0;
    void add(Time at, std::size_t size);
  };

  void begin(Time now);
  [[nodiscard]] std::optional<std::uint64_t> measure() const;

  std::vector<std::uint64_t> waiting_;
  std::optional<Probe> probe_;
  Stage stage_ = Stage::Sending;
  Time since_;
  std::size_t bytes_sent_ = 0;
  std::size_t bytes_told_ = 0;
  Side left_;
  Side came_;
  std::uint16_t last_cluster_ = 0;
};

}  // namespace cardea::peer
