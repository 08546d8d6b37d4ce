#include "core/media/plain_sockets.hpp"

#include <array>

#include "core/base/packet_pool.hpp"

namespace cardea::media {
namespace {

// RTCP only: a few datagrams per second and destination.
constexpr int kReceiveBuffer = 64 * 1024;
constexpr int kSendBuffer = 1024 * 1024;

}  // namespace

PlainSockets::~PlainSockets() {
  for (auto* socket : {&v4_, &v6_}) {
    if (*socket) {
      loop_.remove((*socket)->fd());
    }
  }
}

net::UdpSocket* PlainSockets::socket_for(const Address& to) {
  auto& socket = to.is_v4() ? v4_ : v6_;
  if (socket) {
    return &*socket;
  }
  net::UdpOptions options;
  options.bind = *Address::parse(to.is_v4() ? "0.0.0.0" : "::", 0);
  options.receive_buffer = kReceiveBuffer;
  options.send_buffer = kSendBuffer;
  auto opened = net::UdpSocket::open(options);
  if (!opened) {
    log_.warn("a socket for plain RTP: {}", opened.error().message);
    return nullptr;
  }
  socket.emplace(*std::move(opened));
  const auto watched =
      loop_.add(socket->fd(), EPOLLIN, [this, &socket](std::uint32_t) { on_readable(*socket); });
  if (!watched) {
    log_.warn("a socket for plain RTP: {}", watched.error().message);
  }
  return &*socket;
}

void PlainSockets::send(std::span<const peer::SendRun> runs) {
  for (const peer::SendRun& run : runs) {
    if (net::UdpSocket* socket = socket_for(run.to.remote)) {
      const net::SendRun one{run.to.remote, run.data, run.size, run.segment};
      socket->send_runs({&one, 1});
    }
  }
}

void PlainSockets::on_readable(net::UdpSocket& socket) {
  std::array<std::uint8_t, kPacketCapacity> buffer{};
  net::ReceiveSlot slot;
  for (std::size_t i = 0; i < net::UdpSocket::kMaxBatch; ++i) {
    slot.buffer = buffer;
    if (socket.receive_batch({&slot, 1}) == 0) {
      return;
    }
    receive_(slot.bytes(), slot.from);
  }
}

}  // namespace cardea::media
