#include "core/media/tcp_port.hpp"

#include <algorithm>
#include <utility>

#include <sys/socket.h>

#include "core/peer/classify.hpp"

namespace cardea::media {
namespace {

// A port that is free in one family may be taken in the other.
constexpr int kOpenAttempts = 16;
// One read of one connection, so that none keeps the others waiting.
constexpr std::size_t kReadBytes = std::size_t{32} * 1024;
// Buffers held at once.
constexpr std::size_t kBatch = 64;
// Without descriptors for so long; the listener would be ready all the time.
constexpr Duration kPause = std::chrono::milliseconds(200);

Address ip_of(const Address& address) { return *Address::parse(address.ip(), 0); }

Result<std::vector<net::TcpListener>> listen_on(const std::vector<Address>& binds,
                                                std::uint16_t port, bool reuse_port) {
  std::vector<net::TcpListener> listeners;
  for (const Address& bind : binds) {
    net::TcpListener::Options options;
    const bool chosen = port == 0 && !listeners.empty();
    options.reuse_port = reuse_port;
    options.bind =
        *Address::parse(bind.ip(), chosen ? listeners.front().local_address().port() : port);
    auto listener = net::TcpListener::open(options);
    if (!listener) {
      return Error{"media TCP port " + options.bind.to_string() + ": " + listener.error().message};
    }
    listeners.push_back(*std::move(listener));
  }
  return listeners;
}

metrics::Counter limit(metrics::Registry& metrics, const char* name) {
  return metrics.counter("cardea_limit_hits_total", "Times that a bound was reached.",
                         {{"limit", name}});
}

}  // namespace

struct TcpPort::Connection {
  Connection(std::unique_ptr<net::FramedConnection> link_in, const Path& path_in)
      : path(path_in), link(std::move(link_in)) {}

  Path path;
  std::unique_ptr<net::FramedConnection> link;
  bool proven = false;
  bool ending = false;
  bool watched_for_room = false;
  net::TimerId proof = 0;
};

Result<std::vector<net::TcpListener>> TcpPort::listen(const std::vector<Address>& binds,
                                                      std::uint16_t port, bool reuse_port) {
  auto listeners = listen_on(binds, port, reuse_port);
  for (int i = 1; i < kOpenAttempts && !listeners && port == 0; ++i) {
    listeners = listen_on(binds, port, reuse_port);
  }
  return listeners;
}

TcpPort::TcpPort(const TcpPortOptions& options, std::vector<net::TcpListener> listeners,
                 net::EventLoop& loop, PacketPool& pool, metrics::Registry& metrics, Owner owner)
    : options_(options),
      listeners_(std::move(listeners)),
      loop_(loop),
      pool_(pool),
      owner_(std::move(owner)),
      open_(metrics.gauge("cardea_media_tcp_connections", "TCP connections that carry media")),
      too_many_(limit(metrics, "media_tcp_connections")),
      too_many_of_address_(limit(metrics, "media_tcp_connections_per_address")),
      unproven_(limit(metrics, "media_tcp_proof")),
      queue_full_(limit(metrics, "media_tcp_queue")),
      input_(kReadBytes) {}

TcpPort::~TcpPort() {
  while (!connections_.empty()) {
    let_go(connections_.begin()->first);
  }
  for (const net::TcpListener& listener : listeners_) {
    loop_.remove(listener.fd());
  }
}

void TcpPort::start() {
  for (net::TcpListener& listener : listeners_) {
    watch(listener);
  }
}

void TcpPort::watch(net::TcpListener& listener) {
  static_cast<void>(loop_.add(listener.fd(), EPOLLIN,
                              [this, &listener](std::uint32_t) { on_connections(listener); }));
}

void TcpPort::on_connections(net::TcpListener& listener) {
  using Outcome = net::TcpListener::Outcome;
  for (;;) {
    const auto accepted = listener.accept();
    if (accepted.outcome == Outcome::Accepted) {
      adopt(std::make_unique<net::FramedConnection>(accepted.fd), accepted.remote);
      continue;
    }
    if (accepted.outcome == Outcome::Exhausted) {
      too_many_.add();
      loop_.remove(listener.fd());
      loop_.after(kPause, [this, &listener] { watch(listener); });
    }
    return;
  }
}

const metrics::Counter* TcpPort::refusal(const Address& remote) const {
  if (connections_.size() >= options_.max_connections) {
    return &too_many_;
  }
  const auto found = of_address_.find(ip_of(remote));
  const bool full =
      found != of_address_.end() && (found->second.all >= options_.max_per_address ||
                                     found->second.unproven >= options_.max_unproven_per_address);
  return full ? &too_many_of_address_ : nullptr;
}

Path TcpPort::adopt(std::unique_ptr<net::FramedConnection> link, const Address& remote) {
  if (const metrics::Counter* reason = refusal(remote)) {
    reason->add();
    return {};
  }
  do {
    last_way_ = (last_way_ + 1) | Path::kStream;
  } while (connections_.contains(last_way_));
  auto made = std::make_unique<Connection>(std::move(link), Path(remote, last_way_));
  Connection& connection = *made;
  const int fd = connection.link->fd();
  const auto watched = loop_.add(
      fd, EPOLLIN, [this, &connection](std::uint32_t events) { on_event(connection, events); });
  if (!watched) {
    too_many_.add();
    return {};
  }
  connections_.emplace(last_way_, std::move(made));
  OfAddress& count = of_address_[ip_of(remote)];
  ++count.all;
  ++count.unproven;
  open_.add(1);
  connection.proof = loop_.after(options_.proof, [this, &connection] {
    unproven_.add();
    end(connection);
  });
  return connection.path;
}

std::unique_ptr<net::FramedConnection> TcpPort::take(const Path& path) {
  Connection* connection = find(path);
  if (connection == nullptr || connection->ending || connection->proven) {
    return nullptr;
  }
  loop_.remove(connection->link->fd());
  auto link = std::move(connection->link);
  let_go(path.way);
  return link;
}

void TcpPort::on_event(Connection& connection, std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    flush(connection);
  }
  if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0 && !read(connection) &&
      !connection.ending) {
    owner_.closed(connection.path);
    end(connection);
  }
}

bool TcpPort::read(Connection& connection) {
  bool foreign = false;
  const bool open = connection.link->read(input_, [&](Bytes frame) {
    // Nobody speaks before a check.
    foreign = foreign || (!connection.proven && peer::classify(frame) != peer::Protocol::Stun);
    PacketRef buffer = foreign ? PacketRef() : pool_.take();
    if (buffer) {
      std::copy(frame.begin(), frame.end(), buffer.space().begin());
      batch_.push_back(
          {std::move(buffer), static_cast<std::uint32_t>(frame.size()), connection.path});
    }
    if (batch_.size() == kBatch) {
      hand_over();
    }
  });
  hand_over();
  return open && !foreign;
}

void TcpPort::hand_over() {
  owner_.receive(batch_);
  batch_.clear();
}

void TcpPort::send(std::span<const peer::SendRun> runs) {
  for (const peer::SendRun& run : runs) {
    Connection* connection = find(run.to);
    if (connection == nullptr) {
      continue;
    }
    for (std::uint32_t at = 0; at < run.size; at += run.segment) {
      if (!connection->link->queue(
              {run.data + at, std::min<std::uint32_t>(run.segment, run.size - at)})) {
        queue_full_.add();
      }
    }
    flush(*connection);
  }
}

void TcpPort::flush(Connection& connection) {
  if (!connection.link->flush()) {
    // Told by the read that follows: this may be inside the shard.
    shutdown(connection.link->fd(), SHUT_RDWR);
    return;
  }
  const bool waits = connection.link->waits();
  if (waits != connection.watched_for_room) {
    connection.watched_for_room = waits;
    const std::uint32_t events = waits ? EPOLLIN | EPOLLOUT : EPOLLIN;
    static_cast<void>(loop_.modify(connection.link->fd(), events));
  }
}

void TcpPort::proven(const Path& path) {
  Connection* connection = find(path);
  if (connection != nullptr && !connection->proven) {
    connection->proven = true;
    loop_.timers().cancel(connection->proof);
    --of_address_[ip_of(path.remote)].unproven;
  }
}

void TcpPort::drop(const Path& path) {
  if (Connection* connection = find(path)) {
    end(*connection);
  }
}

void TcpPort::end(Connection& connection) {
  if (!connection.ending) {
    connection.ending = true;
    ending_.push_back(connection.path.way);
  }
}

void TcpPort::sweep() {
  for (const std::uint32_t way : std::exchange(ending_, {})) {
    let_go(way);
  }
}

void TcpPort::let_go(std::uint32_t way) {
  const auto found = connections_.find(way);
  const Connection& connection = *found->second;
  loop_.timers().cancel(connection.proof);
  if (connection.link) {
    loop_.remove(connection.link->fd());
  }
  const auto count = of_address_.find(ip_of(connection.path.remote));
  count->second.unproven -= connection.proven ? 0 : 1;
  if (--count->second.all == 0) {
    of_address_.erase(count);
  }
  connections_.erase(found);
  open_.add(-1);
}

TcpPort::Connection* TcpPort::find(const Path& path) {
  const auto found = path.is_stream() ? connections_.find(path.way) : connections_.end();
  return found == connections_.end() ? nullptr : found->second.get();
}

}  // namespace cardea::media
