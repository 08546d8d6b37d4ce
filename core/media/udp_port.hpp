// The one UDP port of media in both address families, and the ways of its datagrams.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/base/path.hpp"
#include "core/media/local_addresses.hpp"
#include "core/net/udp_socket.hpp"
#include "core/peer/send_arena.hpp"

namespace cardea::media {

/// One thread: the worker's.
class UdpPort {
 public:
  /// @param binds one address of each family at most, all with the same port; 0 lets the kernel
  /// choose one that is free for all of them. @param ours is shared by all sockets of the port, and
  /// so are the ways. @param reuse_port other sockets of this user may share it. Errors name the
  /// address.
  static Result<UdpPort> open(const std::vector<Address>& binds,
                              std::shared_ptr<LocalAddresses> ours, bool reuse_port);

  /// At most one of each family.
  [[nodiscard]] std::vector<net::UdpSocket>& sockets() { return sockets_; }
  [[nodiscard]] const std::vector<net::UdpSocket>& sockets() const { return sockets_; }
  [[nodiscard]] std::uint16_t port() const { return sockets_.front().local_address().port(); }

  /// How to answer what stands in `slot`.
  Path path_of(const net::ReceiveSlot& slot);
  /// Those of streams are left out.
  void send(std::span<const peer::SendRun> runs);

  /// Of all sockets together.
  [[nodiscard]] net::UdpStats stats() const;
  /// The fullest, and what all of them dropped.
  [[nodiscard]] net::UdpSocket::Backlog backlog() const;
  /// The smallest.
  [[nodiscard]] int receive_buffer() const;
  [[nodiscard]] int send_buffer() const;

 private:
  UdpPort(std::vector<net::UdpSocket> sockets, std::shared_ptr<LocalAddresses> ours)
      : sockets_(std::move(sockets)), shared_(std::move(ours)) {}
  [[nodiscard]] Address address_of(std::uint32_t way);
  [[nodiscard]] std::uint32_t way_of(const Address& ours);

  std::vector<net::UdpSocket> sockets_;
  std::shared_ptr<LocalAddresses> shared_;
  /// What is known here of `shared_`: only what is not costs its lock.
  std::vector<Address> ours_;
  std::vector<net::SendRun> runs_;
};

}  // namespace cardea::media
