// Counts what one subscriber gets: packets, gaps in the sequence numbers, and how long each was on
// its way.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace cardea::load {

class Viewer {
 public:
  /// @param packet a received RTP packet in the clear.
  void take(Bytes packet, Time now);
  /// Forgets counts and times; the streams go on.
  void reset();

  [[nodiscard]] std::uint64_t received() const { return received_; }
  [[nodiscard]] std::uint64_t lost() const;
  /// Microseconds from the sender's stamp to here.
  [[nodiscard]] const std::vector<std::uint32_t>& delays() const { return delays_; }

 private:
  struct Stream {
    std::uint16_t first = 0;
    std::uint64_t highest = 0;  ///< extended, counted from `first`
    std::uint64_t received = 0;
    bool started = false;
  };

  std::unordered_map<std::uint32_t, Stream> streams_;
  std::uint64_t received_ = 0;
  std::vector<std::uint32_t> delays_;
};

}  // namespace cardea::load
