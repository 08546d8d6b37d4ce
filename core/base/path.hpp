// The far end of a datagram together with the way by which it came, and by which answers go.
#pragma once

#include <cstdint>

#include "core/base/address.hpp"

namespace cardea {

/// What tells one ICE pair from another once datagrams arrive. A plain Address is the path by the
/// way that the system chooses.
struct Path {
  /// A TCP connection, by its number in the other bits; else an address of ours, zero for none.
  static constexpr std::uint32_t kStream = 1U << 31;

  Path() = default;
  Path(const Address& remote_in, std::uint32_t way_in = 0) : remote(remote_in), way(way_in) {}

  [[nodiscard]] bool empty() const { return remote.empty(); }
  [[nodiscard]] bool is_stream() const { return (way & kStream) != 0; }

  friend bool operator==(const Path&, const Path&) = default;

  Address remote;
  /// Means something only to who owns the sockets.
  std::uint32_t way = 0;
};

struct PathHash {
  std::size_t operator()(const Path& path) const { return path.remote.hash() ^ path.way; }
};

}  // namespace cardea
