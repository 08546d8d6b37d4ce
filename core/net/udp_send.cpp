// Sending runs of datagrams: many receivers in one sendmmsg, each with its own UDP GSO segment
// size.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include <netinet/udp.h>
#include <sys/socket.h>

#include "core/net/udp_batch.hpp"
#include "core/net/udp_socket.hpp"

namespace cardea::net {
namespace {

template <typename Value>
void set_control(cmsghdr* control, int level, int type, const Value& value) {
  control->cmsg_level = level;
  control->cmsg_type = type;
  control->cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(control), &value, sizeof value);
}

/// Says in `control` which address to send from. Returns the space that it took.
std::size_t set_from(cmsghdr* control, const Address& from) {
  if (from.empty()) {
    return 0;
  }
  if (from.is_v4()) {
    in_pktinfo info{};
    std::memcpy(&info.ipi_spec_dst, from.ip_bytes(), from.ip_size());
    set_control(control, IPPROTO_IP, IP_PKTINFO, info);
    return CMSG_SPACE(sizeof info);
  }
  in6_pktinfo info{};
  std::memcpy(&info.ipi6_addr, from.ip_bytes(), from.ip_size());
  set_control(control, IPPROTO_IPV6, IPV6_PKTINFO, info);
  return CMSG_SPACE(sizeof info);
}

}  // namespace

std::size_t UdpSocket::send_runs(std::span<const SendRun> runs) {
  const std::uint64_t before = stats_.sent_packets;
  batch_->count = 0;
  for (const SendRun& run : runs) {
    add_run(run);
  }
  flush();
  return static_cast<std::size_t>(stats_.sent_packets - before);
}

bool UdpSocket::send(const Address& to, Bytes bytes) {
  const SendRun run{to, bytes.data(), static_cast<std::uint32_t>(bytes.size()), 0};
  return send_runs({&run, 1}) == 1;
}

void UdpSocket::add_run(const SendRun& run) {
  const std::uint32_t segment = run.segment == 0 ? run.size : run.segment;
  if (segment == 0) {
    return;
  }
  if (std::min(segment, run.size) > kMaxGsoBytes) {
    stats_.dropped_size += (run.size + segment - 1) / segment;
    return;
  }
  const std::uint32_t per_message =
      gso_ ? std::clamp(kMaxGsoBytes / segment, std::uint32_t{1}, kMaxSegments) : 1;
  for (std::uint32_t offset = 0; offset < run.size; offset += per_message * segment) {
    if (batch_->full()) {
      flush();
    }
    const std::uint32_t size = std::min(run.size - offset, per_message * segment);
    const std::size_t i = batch_->count++;
    Batch& batch = *batch_;
    // sendmsg takes a pointer to non-const but does not write.
    batch.pieces[i] = iovec{const_cast<std::uint8_t*>(run.data + offset), size};
    batch.segments[i] = std::min(segment, size);
    batch.headers[i] = mmsghdr{};
    msghdr& header = batch.headers[i].msg_hdr;
    header.msg_iov = &batch.pieces[i];
    header.msg_iovlen = 1;
    header.msg_name = &batch.names[i];
    header.msg_namelen = run.to.to_sockaddr(batch.names[i]);
    add_controls(i, run.from);
  }
}

void UdpSocket::add_controls(std::size_t index, const Address& from) {
  Batch& batch = *batch_;
  std::uint8_t* const space = batch.controls[index].bytes.data();
  std::size_t used = set_from(reinterpret_cast<cmsghdr*>(space), from);
  batch.from_sizes[index] = used;
  if (batch.cut(index)) {
    const auto segment = static_cast<std::uint16_t>(batch.segments[index]);
    set_control(reinterpret_cast<cmsghdr*>(space + used), SOL_UDP, UDP_SEGMENT, segment);
    used += CMSG_SPACE(sizeof segment);
  }
  if (used != 0) {
    batch.headers[index].msg_hdr.msg_control = space;
    batch.headers[index].msg_hdr.msg_controllen = used;
  }
}

void UdpSocket::flush() {
  Batch& batch = *batch_;
  std::size_t next = 0;
  while (next < batch.count) {
    const int sent =
        sendmmsg(fd_, &batch.headers[next], static_cast<unsigned>(batch.count - next), 0);
    ++stats_.send_calls;
    if (sent <= 0) {
      next = give_up(next, errno);
      continue;
    }
    for (int i = 0; i < sent; ++i, ++next) {
      stats_.sent_packets += batch.packets(next);
      stats_.sent_bytes += batch.pieces[next].iov_len;
    }
  }
  batch.count = 0;
}

// The kernel refused message `next` with `error`. Returns the message to go on with.
std::size_t UdpSocket::give_up(std::size_t next, int error) {
  Batch& batch = *batch_;
  switch (error) {
    case EINTR:
      return next;
    case EAGAIN:
    case ENOBUFS:
      // The buffer is full for all receivers alike; media that waits is worth less than media that
      // is lost.
      for (; next < batch.count; ++next) {
        stats_.dropped_full += batch.packets(next);
      }
      return next;
    case EIO:
    case EINVAL:
    case EMSGSIZE:
    case EOPNOTSUPP:
      if (batch.cut(next)) {
        // EIO: this device cannot do GSO at all. The others: the segment is too long for this
        // path's MTU.
        gso_ = gso_ && error != EIO && error != EOPNOTSUPP;
        send_split(next);
        return next + 1;
      }
      break;
    default:
      break;
  }
  (error == EMSGSIZE ? stats_.dropped_size : stats_.dropped_error) += batch.packets(next);
  return next + 1;
}

// Sends the datagrams of one message one by one.
void UdpSocket::send_split(std::size_t index) {
  const Batch& batch = *batch_;
  msghdr header = batch.headers[index].msg_hdr;
  header.msg_controllen = batch.from_sizes[index];
  iovec piece{};
  header.msg_iov = &piece;
  auto* data = static_cast<std::uint8_t*>(batch.pieces[index].iov_base);
  const std::size_t size = batch.pieces[index].iov_len;
  for (std::size_t offset = 0; offset < size; offset += batch.segments[index]) {
    const std::size_t length = std::min<std::size_t>(batch.segments[index], size - offset);
    ++stats_.send_calls;
    piece = iovec{data + offset, length};
    if (sendmsg(fd_, &header, 0) >= 0) {
      ++stats_.sent_packets;
      stats_.sent_bytes += length;
    } else if (errno == EAGAIN || errno == ENOBUFS) {
      ++stats_.dropped_full;
    } else {
      ++(errno == EMSGSIZE ? stats_.dropped_size : stats_.dropped_error);
    }
  }
}

}  // namespace cardea::net
