// The messages of one sendmmsg call. Private to UdpSocket; kept between calls because it is 20 KiB.
#pragma once

#include <array>
#include <cstdint>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "core/net/udp_socket.hpp"

namespace cardea::net {

struct UdpSocket::Batch {
  struct Control {
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo)) +
                                                  CMSG_SPACE(sizeof(std::uint16_t))> bytes;
  };

  [[nodiscard]] bool full() const { return count == kMaxBatch; }

  /// Datagrams in message `index`.
  [[nodiscard]] std::uint32_t packets(std::size_t index) const {
    const auto size = static_cast<std::uint32_t>(pieces[index].iov_len);
    return (size + segments[index] - 1) / segments[index];
  }

  /// Whether message `index` is cut into datagrams by the kernel.
  [[nodiscard]] bool cut(std::size_t index) const {
    return pieces[index].iov_len > segments[index];
  }

  std::size_t count = 0;
  std::array<mmsghdr, kMaxBatch> headers{};
  std::array<iovec, kMaxBatch> pieces{};
  std::array<sockaddr_storage, kMaxBatch> names{};
  std::array<Control, kMaxBatch> controls{};
  /// Bytes per datagram of each message; its whole size when it is a single one.
  std::array<std::uint32_t, kMaxBatch> segments{};
  /// How much of each control is about the address to send from; it comes first.
  std::array<std::size_t, kMaxBatch> from_sizes{};
};

}  // namespace cardea::net
