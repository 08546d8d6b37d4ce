// The media ports of all workers, opened at the start.
#pragma once

#include <cstdint>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/media/tcp_port.hpp"
#include "core/media/udp_port.hpp"

namespace cardea::media {

struct Sockets {
  UdpPort udp;
  /// Empty: no media over TCP.
  std::vector<net::TcpListener> tcp;
};

struct SocketOptions {
  /// One of each family at most, with the UDP port; 0 lets the kernel choose.
  std::vector<Address> binds;
  bool tcp = true;
  std::uint16_t tcp_port = 0;
  unsigned workers = 1;
};

/// One element for each worker, all with the same ports. Errors name the address; a port that
/// another process has is refused.
Result<std::vector<Sockets>> open_sockets(const SocketOptions& options);

}  // namespace cardea::media
