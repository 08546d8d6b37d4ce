// Opening a UDP socket, and receiving in batches. Sending is in udp_send.cpp.
#include "core/net/udp_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <linux/sock_diag.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/net/udp_batch.hpp"

namespace cardea::net {

namespace {

Error system_error(const char* what, const Address& address) {
  return Error{"UDP " + address.to_string() + ": " + what + ": " + std::strerror(errno)};
}

int set_and_read_buffer(int fd, int option, int bytes) {
  // No error when the kernel gives less, so what it gave is read back; it answers twice what is
  // usable.
  setsockopt(fd, SOL_SOCKET, option, &bytes, sizeof bytes);
  int given = 0;
  socklen_t size = sizeof given;
  getsockopt(fd, SOL_SOCKET, option, &given, &size);
  return given / 2;
}

bool turn(int fd, int level, int option, bool wanted) {
  const int value = wanted ? 1 : 0;
  return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

bool set_options(int fd, const UdpOptions& options) {
  if (options.reuse_port && !turn(fd, SOL_SOCKET, SO_REUSEPORT, true)) {
    return false;
  }
  if (options.bind.is_v4()) {
    return turn(fd, IPPROTO_IP, IP_PKTINFO, options.packet_info);
  }
  return turn(fd, IPPROTO_IPV6, IPV6_V6ONLY, options.v6_only) &&
         turn(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, options.packet_info);
}

/// Room for what the kernel says of one datagram.
struct InfoSpace {
  alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> bytes;
};

template <typename Info>
Info info_in(const cmsghdr* control) {
  Info info{};
  std::memcpy(&info, CMSG_DATA(control), sizeof info);
  return info;
}

/// The address that a datagram was sent to.
Address destination_of(const msghdr& header, std::uint16_t port) {
  const cmsghdr* control = CMSG_FIRSTHDR(&header);
  if (control == nullptr) {
    return {};
  }
  if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    name.sin_addr = info_in<in_pktinfo>(control).ipi_spec_dst;
    return Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&name), sizeof name);
  }
  if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
    sockaddr_in6 name{};
    name.sin6_family = AF_INET6;
    name.sin6_port = htons(port);
    name.sin6_addr = info_in<in6_pktinfo>(control).ipi6_addr;
    return Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&name), sizeof name);
  }
  return {};
}

bool knows_gso(int fd) {
  int segment = 0;
  socklen_t size = sizeof segment;
  return getsockopt(fd, SOL_UDP, UDP_SEGMENT, &segment, &size) == 0;
}

}  // namespace

UdpSocket::UdpSocket(int fd) : fd_(fd), batch_(std::make_unique<Batch>()) {}

UdpSocket::~UdpSocket() { close_fd(); }

UdpSocket::UdpSocket(UdpSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      local_(other.local_),
      receive_buffer_(other.receive_buffer_),
      send_buffer_(other.send_buffer_),
      gso_(other.gso_),
      packet_info_(other.packet_info_),
      stats_(other.stats_),
      batch_(std::move(other.batch_)) {}

UdpSocket& UdpSocket::operator=(UdpSocket&& other) noexcept {
  if (this != &other) {
    close_fd();
    fd_ = std::exchange(other.fd_, -1);
    local_ = other.local_;
    receive_buffer_ = other.receive_buffer_;
    send_buffer_ = other.send_buffer_;
    gso_ = other.gso_;
    packet_info_ = other.packet_info_;
    stats_ = other.stats_;
    batch_ = std::move(other.batch_);
  }
  return *this;
}

void UdpSocket::close_fd() {
  if (fd_ >= 0) {
    close(fd_);
    fd_ = -1;
  }
}

Result<UdpSocket> UdpSocket::open(const UdpOptions& options) {
  const int family = options.bind.is_v4() ? AF_INET : AF_INET6;
  const int fd = ::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return system_error("socket", options.bind);
  }
  UdpSocket socket(fd);
  if (!set_options(fd, options)) {
    return system_error("options", options.bind);
  }
  socket.packet_info_ = options.packet_info;
  sockaddr_storage name{};
  socklen_t size = options.bind.to_sockaddr(name);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&name), size) != 0) {
    return system_error("bind", options.bind);
  }
  size = sizeof name;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    return system_error("getsockname", options.bind);
  }
  socket.local_ = Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&name), size);
  socket.receive_buffer_ = set_and_read_buffer(fd, SO_RCVBUF, options.receive_buffer);
  socket.send_buffer_ = set_and_read_buffer(fd, SO_SNDBUF, options.send_buffer);
  socket.gso_ = knows_gso(fd);
  return socket;
}

UdpSocket::Backlog UdpSocket::backlog() const {
  std::array<std::uint32_t, SK_MEMINFO_VARS> info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd_, SOL_SOCKET, SO_MEMINFO, info.data(), &size) != 0 ||
      info[SK_MEMINFO_RCVBUF] == 0) {
    return {};
  }
  return {static_cast<double>(info[SK_MEMINFO_RMEM_ALLOC]) / info[SK_MEMINFO_RCVBUF],
          info[SK_MEMINFO_DROPS]};
}

std::size_t UdpSocket::receive_batch(std::span<ReceiveSlot> slots) {
  const std::size_t wanted = std::min(slots.size(), kMaxBatch);
  // Not zeroed, because that would cost more than the call when one datagram waits.
  // NOLINTBEGIN(cppcoreguidelines-pro-type-member-init)
  std::array<mmsghdr, kMaxBatch> headers;
  std::array<iovec, kMaxBatch> pieces;
  std::array<sockaddr_storage, kMaxBatch> names;
  std::array<InfoSpace, kMaxBatch> infos;
  // NOLINTEND(cppcoreguidelines-pro-type-member-init)
  for (std::size_t i = 0; i < wanted; ++i) {
    pieces[i] = iovec{slots[i].buffer.data(), slots[i].buffer.size()};
    headers[i] = mmsghdr{};
    headers[i].msg_hdr.msg_iov = &pieces[i];
    headers[i].msg_hdr.msg_iovlen = 1;
    headers[i].msg_hdr.msg_name = &names[i];
    headers[i].msg_hdr.msg_namelen = sizeof names[i];
    if (packet_info_) {
      headers[i].msg_hdr.msg_control = infos[i].bytes.data();
      headers[i].msg_hdr.msg_controllen = infos[i].bytes.size();
    }
  }
  int got = 0;
  do {
    got = recvmmsg(fd_, headers.data(), static_cast<unsigned>(wanted), 0, nullptr);
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    stats_.receive_errors += errno == EAGAIN ? 0 : 1;
    return 0;
  }
  std::size_t filled = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
    ++stats_.received_packets;
    stats_.received_bytes += headers[i].msg_len;
    if ((headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0) {
      ++stats_.receive_truncated;
      continue;
    }
    // The buffers of slots change places, so that the filled ones stand first without a copy.
    std::swap(slots[filled].buffer, slots[i].buffer);
    slots[filled].size = headers[i].msg_len;
    slots[filled].from = Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&names[i]),
                                                headers[i].msg_hdr.msg_namelen);
    slots[filled].to = packet_info_ ? destination_of(headers[i].msg_hdr, local_.port()) : Address();
    ++filled;
  }
  return filled;
}

}  // namespace cardea::net
