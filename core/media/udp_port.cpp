// Opening the port, and finding the socket and address to send from.
#include "core/media/udp_port.hpp"

#include <algorithm>
#include <cstring>

namespace cardea::media {
namespace {

// A port that is free in one family may be taken in the other.
constexpr int kOpenAttempts = 16;

Result<std::vector<net::UdpSocket>> open_all(const std::vector<Address>& binds, bool reuse_port) {
  std::vector<net::UdpSocket> sockets;
  for (const Address& bind : binds) {
    net::UdpOptions options;
    options.bind = bind;
    if (bind.port() == 0 && !sockets.empty()) {
      options.bind = *Address::parse(bind.ip(), sockets.front().local_address().port());
    }
    options.v6_only = true;
    options.reuse_port = reuse_port;
    options.packet_info = bind.is_wildcard();
    auto socket = net::UdpSocket::open(options);
    if (!socket) {
      return Error{"media port " + options.bind.to_string() + ": " + socket.error().message};
    }
    sockets.push_back(*std::move(socket));
  }
  return sockets;
}

}  // namespace

Result<UdpPort> UdpPort::open(const std::vector<Address>& binds,
                              std::shared_ptr<LocalAddresses> ours, bool reuse_port) {
  if (binds.empty() || binds.size() > 2 ||
      (binds.size() == 2 && binds[0].is_v4() == binds[1].is_v4())) {
    return Error{"media port: one address of each family can be bound"};
  }
  auto sockets = open_all(binds, reuse_port);
  for (int i = 1; i < kOpenAttempts && !sockets && binds.front().port() == 0; ++i) {
    sockets = open_all(binds, reuse_port);
  }
  if (!sockets) {
    return sockets.error();
  }
  return UdpPort(*std::move(sockets), std::move(ours));
}

std::uint32_t UdpPort::way_of(const Address& ours) {
  const auto found = std::find(ours_.begin(), ours_.end(), ours);
  if (found != ours_.end()) {
    return static_cast<std::uint32_t>(found - ours_.begin()) + 1;
  }
  const std::uint32_t way = shared_->way_of(ours);
  ours_ = shared_->list();
  return way;
}

Address UdpPort::address_of(std::uint32_t way) {
  if (way > ours_.size()) {
    ours_ = shared_->list();
  }
  return way == 0 ? Address() : ours_[way - 1];
}

Path UdpPort::path_of(const net::ReceiveSlot& slot) {
  return {slot.from, slot.to.empty() ? 0 : way_of(slot.to)};
}

void UdpPort::send(std::span<const peer::SendRun> runs) {
  for (net::UdpSocket& socket : sockets_) {
    runs_.clear();
    const bool v4 = socket.local_address().is_v4();
    for (const peer::SendRun& run : runs) {
      if (run.to.remote.is_v4() == v4 && !run.to.is_stream()) {
        runs_.push_back({run.to.remote, run.data, run.size, run.segment, address_of(run.to.way)});
      }
    }
    socket.send_runs(runs_);
  }
}

net::UdpStats UdpPort::stats() const {
  net::UdpStats sum;
  for (const net::UdpSocket& socket : sockets_) {
    const net::UdpStats& one = socket.stats();
    sum.receive_truncated += one.receive_truncated;
    sum.send_calls += one.send_calls;
    sum.dropped_full += one.dropped_full;
    sum.dropped_size += one.dropped_size;
    sum.dropped_error += one.dropped_error;
  }
  return sum;
}

net::UdpSocket::Backlog UdpPort::backlog() const {
  net::UdpSocket::Backlog all;
  for (const net::UdpSocket& socket : sockets_) {
    const auto one = socket.backlog();
    all.filled = std::max(all.filled, one.filled);
    all.dropped += one.dropped;
  }
  return all;
}

int UdpPort::receive_buffer() const {
  return std::min_element(
             sockets_.begin(), sockets_.end(),
             [](const auto& a, const auto& b) { return a.receive_buffer() < b.receive_buffer(); })
      ->receive_buffer();
}

int UdpPort::send_buffer() const {
  return std::min_element(
             sockets_.begin(), sockets_.end(),
             [](const auto& a, const auto& b) { return a.send_buffer() < b.send_buffer(); })
      ->send_buffer();
}

}  // namespace cardea::media
