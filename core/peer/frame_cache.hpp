// The last key frame of one layer and all that followed it: what a new viewer needs to see a
// picture at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/packet_pool.hpp"
#include "core/base/time.hpp"
#include "core/peer/source_packet.hpp"

namespace cardea::peer {

/// Holds references to the received buffers, in order of their numbers. Whole or empty: beyond its
/// bounds it lets go of everything until the next key frame. One thread.
class FrameCache {
 public:
  // Who comes later than that after a key frame is given a new one. What is kept must reach a
  // viewer within moments, so it is bounded in bytes as well.
  static constexpr Duration kKeep = std::chrono::seconds(2);
  static constexpr std::size_t kMaxBytes = std::size_t{512} * 1024;

  struct Held {
    PacketRef buffer;
    SourcePacket packet;
  };

  /// Takes each packet of the layer. @param packet a view into `buffer`.
  void store(const SourcePacket& packet, const PacketRef& buffer, Time now);
  /// Lets go of what is too old; store() does so too.
  void evict(Time now);
  void clear();

  /// From the first packet of the key frame on. Good until the next call of a member that is not
  /// const.
  [[nodiscard]] std::span<const Held> packets() const { return held_; }
  /// Those with numbers of at least `seq`.
  [[nodiscard]] std::span<const Held> packets_from(std::uint64_t seq) const;
  /// Null when it is not held.
  [[nodiscard]] const rtp::Packet* find(std::uint64_t seq) const;

 private:
  [[nodiscard]] bool begins(const SourcePacket& packet) const;
  [[nodiscard]] bool follows(const SourcePacket& packet) const;
  void begin(const SourcePacket& packet, Time now);
  void insert(const SourcePacket& packet, const PacketRef& buffer);
  void keep_early(const SourcePacket& packet, const PacketRef& buffer);
  void take_early(const SourcePacket& keyframe);

  std::vector<Held> held_;
  /// While nothing is held: the latest picture, whose packets may have overtaken its first one.
  std::vector<Held> early_;
  std::size_t bytes_ = 0;
  Time since_;
};

}  // namespace cardea::peer
