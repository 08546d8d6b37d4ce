// The last packets of one received stream, kept for the sinks that will ask for them again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/packet_pool.hpp"
#include "core/base/time.hpp"
#include "core/rtp/packet.hpp"

namespace cardea::peer {

/// One copy for all sinks: it holds references to the received buffers. Bounded in packets (and so
/// in bytes: kPacketCapacity each) and in time. One thread.
class RtxCache {
 public:
  // A second NACK over a path of 150 ms comes after about 500 ms; with Chromium's back-off a third
  // one stays within a second.
  static constexpr Duration kKeep = std::chrono::seconds(1);

  /// @param slots packets held at most; a power of two. Memory for them is taken as it is needed.
  explicit RtxCache(std::size_t slots) : max_slots_(slots) {}

  /// @param seq unwrapped number of the received stream. @param packet a view into `buffer`.
  void store(std::uint64_t seq, const PacketRef& buffer, const rtp::Packet& packet, Time now);
  /// Null when it is not held. Good until the next call of a member that is not const.
  [[nodiscard]] const rtp::Packet* find(std::uint64_t seq) const;
  /// Lets go of what is too old; store() does so too.
  void evict(Time now);
  void clear();
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(next_ - first_); }

 private:
  struct Slot {
    std::uint64_t seq = 0;
    Time at;
    PacketRef buffer;
    std::optional<rtp::Packet> packet;
  };

  [[nodiscard]] Slot& slot(std::uint64_t position) {
    return slots_[position & (slots_.size() - 1)];
  }
  void drop_oldest();
  void grow();

  std::size_t max_slots_;
  // In order of arrival, as a ring of positions first_ .. next_-1; index_ finds a position by seq.
  std::vector<Slot> slots_;
  std::vector<std::uint64_t> index_;
  std::uint64_t first_ = 1;
  std::uint64_t next_ = 1;
};

}  // namespace cardea::peer
