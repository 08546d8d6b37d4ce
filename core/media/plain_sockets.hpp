// The sockets that forwarded RTP leaves by, one for each address family, opened at the first use.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "core/base/bytes.hpp"
#include "core/log/log.hpp"
#include "core/net/event_loop.hpp"
#include "core/net/udp_socket.hpp"
#include "core/peer/send_arena.hpp"

namespace cardea::media {

/// One thread: the worker's.
class PlainSockets {
 public:
  /// A datagram that came to one of them: RTCP of those who are forwarded to.
  using Receive = std::function<void(MutableBytes datagram, const Address& from)>;

  PlainSockets(net::EventLoop& loop, log::Logger log, Receive receive)
      : loop_(loop), log_(std::move(log)), receive_(std::move(receive)) {}
  ~PlainSockets();
  PlainSockets(const PlainSockets&) = delete;
  PlainSockets& operator=(const PlainSockets&) = delete;

  void send(std::span<const peer::SendRun> runs);

 private:
  net::UdpSocket* socket_for(const Address& to);
  void on_readable(net::UdpSocket& socket);

  net::EventLoop& loop_;
  log::Logger log_;
  Receive receive_;
  std::optional<net::UdpSocket> v4_;
  std::optional<net::UdpSocket> v6_;
};

}  // namespace cardea::media
