// Accepting TCP connections under libev.
#include "transports/websocket/listener.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cardea/sdk/listening.hpp>

namespace cardea::websocket {

namespace {

constexpr int kMostPerTurn = 64;  // so that a connection storm does not starve open connections

}  // namespace

std::string peer_address(int fd) {
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&from), &size) != 0) {
    return "unknown";
  }
  return sdk::address_text(reinterpret_cast<const sockaddr*>(&from), size);
}

Listener::Listener(struct ev_loop* loop, Accepted accepted)
    : loop_(loop), accepted_(std::move(accepted)) {
  ev_io_init(&watcher_, on_readable, -1, EV_READ);
  watcher_.data = this;
}

Listener::~Listener() { close(); }

Result<void> Listener::open(const std::string& address, std::uint16_t port) {
  const auto fd = sdk::listen_on(address, port);
  if (!fd) {
    return fd.error();
  }
  fd_ = *fd;
  port_ = sdk::bound_port(fd_);
  reserve_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ev_io_set(&watcher_, fd_, EV_READ);
  ev_io_start(loop_, &watcher_);
  return {};
}

void Listener::close() {
  ev_io_stop(loop_, &watcher_);
  for (int* fd : {&fd_, &reserve_}) {
    if (*fd >= 0) {
      ::close(std::exchange(*fd, -1));
    }
  }
}

void Listener::resume() {
  if (std::exchange(paused_, false) && fd_ >= 0) {
    ev_io_start(loop_, &watcher_);
  }
}

void Listener::on_readable(struct ev_loop* /*loop*/, ev_io* watcher, int /*events*/) {
  static_cast<Listener*>(watcher->data)->accept_all();
}

void Listener::accept_all() {
  for (int i = 0; i < kMostPerTurn && fd_ >= 0; ++i) {
    const int client = accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client >= 0) {
      const int on = 1;
      setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      accepted_(client);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      refuse_one();
      return;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    }
  }
}

// Level-triggered readiness would spin while the queue cannot be accepted: one client is told, the
// others wait in the kernel until the next second.
void Listener::refuse_one() {
  if (reserve_ >= 0) {
    ::close(std::exchange(reserve_, -1));
    const int client = accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client >= 0) {
      constexpr std::string_view kAnswer =
          "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      send(client, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
      ::close(client);
    }
    reserve_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  }
  ev_io_stop(loop_, &watcher_);
  paused_ = true;
}

}  // namespace cardea::websocket
