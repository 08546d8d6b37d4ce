#include "core/media/sockets.hpp"

#include <memory>
#include <utility>

namespace cardea::media {
namespace {

Result<Sockets> open_one(const SocketOptions& options, std::shared_ptr<LocalAddresses> ours,
                         bool shared) {
  auto udp = UdpPort::open(options.binds, std::move(ours), shared);
  if (!udp) {
    return udp.error();
  }
  Sockets sockets{*std::move(udp), {}};
  if (options.tcp) {
    auto listeners = TcpPort::listen(options.binds, options.tcp_port, shared);
    if (!listeners) {
      return listeners.error();
    }
    sockets.tcp = *std::move(listeners);
  }
  return sockets;
}

}  // namespace

Result<std::vector<Sockets>> open_sockets(const SocketOptions& options) {
  const auto ours = std::make_shared<LocalAddresses>();
  const bool shared = options.workers > 1;
  // SO_REUSEPORT would let in another process of the same user without a word: try without it.
  if (shared) {
    if (const auto alone = open_one(options, ours, false); !alone) {
      return alone.error();
    }
  }
  SocketOptions next = options;
  std::vector<Sockets> all;
  for (unsigned i = 0; i < options.workers; ++i) {
    auto one = open_one(next, ours, shared);
    if (!one) {
      return one.error();
    }
    for (Address& bind : next.binds) {
      bind = *Address::parse(bind.ip(), one->udp.port());
    }
    next.tcp_port = one->tcp.empty() ? next.tcp_port : one->tcp.front().local_address().port();
    all.push_back(*std::move(one));
  }
  return all;
}

}  // namespace cardea::media
