// The one UDP port of media in both address families, and the ways of its datagrams.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/base/path.hpp"
#include "core/net/udp_socket.hpp"
#include "core/peer/send_arena.hpp"

namespace cardea::media {

/// One thread: the worker's.
class UdpPort {
 public:
  /// @param binds one address of each family at most, all with the same port; 0 lets the kernel
  /// choose one that is free for all of them. Errors name the address.
  static Result<UdpPort> open(std::vector<Address> binds);

  /// At most one of each family.
  [[nodiscard]] std::vector<net::UdpSocket>& sockets() { return sockets_; }
  [[nodiscard]] std::uint16_t port() const { return sockets_.front().local_address().port(); }

  /// How to answer what stands in `slot`.
  Path path_of(const net::ReceiveSlot& slot);
  /// Those of streams are left out.
  void send(std::span<const peer::SendRun> runs);

  /// Of all sockets together.
  [[nodiscard]] net::UdpStats stats() const;
  /// The smallest.
  [[nodiscard]] int receive_buffer() const;
  [[nodiscard]] int send_buffer() const;

 private:
  explicit UdpPort(std::vector<net::UdpSocket> sockets) : sockets_(std::move(sockets)) {}
  [[nodiscard]] std::uint32_t way_of(const Address& ours);

  std::vector<net::UdpSocket> sockets_;
  /// Addresses of ours that datagrams came to; a way is a place in it, counted from 1.
  std::vector<Address> ours_;
  std::vector<net::SendRun> runs_;
};

}  // namespace cardea::media
