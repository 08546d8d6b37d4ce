// Finds gaps in one received stream and says which packets to ask for again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/time.hpp"

namespace cardea::rtp {

/// Sans-IO: the caller passes time in and takes requests out. One per received stream that
/// negotiated NACK. Memory is taken once, at the first gap.
class NackTracker {
 public:
  enum class Arrival {
    InOrder,    ///< newest so far
    Recovered,  ///< was missing
    Late,       ///< older than the newest and not missed: a duplicate, or given up
  };

  /// @param seq unwrapped (SeqUnwrapper), one step per packet.
  Arrival received(std::uint64_t seq, Time now);

  /// Numbers to put in the next generic NACK (RFC 4585 6.2.1), oldest first, as on the wire. The
  /// span is good until the next call of any member.
  std::span<const std::uint16_t> poll(Time now);

  /// When to call poll() next; empty while nothing is missing.
  [[nodiscard]] std::optional<Time> next_deadline() const;

  /// Packets were given up since the last call: a video stream now wants a key frame. Clears the
  /// note.
  bool take_gave_up();

  /// @param rtt measured round trip to the sender; asks again are at least that far apart.
  void set_rtt(Duration rtt);
  /// A key frame that starts at `seq` makes everything older pointless.
  void forget_before(std::uint64_t seq);
  /// Forgets all: the stream starts anew.
  void reset();

  /// Asked for, or about to be, and not given up.
  [[nodiscard]] bool is_missing(std::uint64_t seq) const;
  [[nodiscard]] std::size_t missing() const { return missing_.size(); }

 private:
  struct Missing {
    std::uint64_t seq = 0;
    Time ask_at;
    Time since;
    int asked = 0;
  };

  void add_gap(std::uint64_t first, std::uint64_t last, Time now);

  // Sorted by seq; bounded, and short in practice.
  std::vector<Missing> missing_;
  std::vector<std::uint16_t> requests_;
  std::optional<std::uint64_t> highest_;
  Duration rtt_ = std::chrono::milliseconds(100);
  bool gave_up_ = false;
};

}  // namespace cardea::rtp
