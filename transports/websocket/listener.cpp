// Accepting TCP connections under libev.
#include "transports/websocket/listener.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cardea::websocket {

namespace {

constexpr int kBacklog = 1024;
constexpr int kMostPerTurn = 64;  // so that a connection storm does not starve open connections

std::string unmapped(const char* text) {
  constexpr std::string_view kMapped = "::ffff:";
  std::string_view address(text);
  if (address.starts_with(kMapped) && address.find('.') != std::string_view::npos) {
    address.remove_prefix(kMapped.size());
  }
  return std::string(address);
}

std::string name_of(const sockaddr_storage& from, socklen_t size) {
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(reinterpret_cast<const sockaddr*>(&from), size, text.data(), text.size(), nullptr,
                  0, NI_NUMERICHOST) != 0) {
    return "unknown";
  }
  return unmapped(text.data());
}

std::uint16_t bound_port(int fd) {
  sockaddr_in6 bound{};
  socklen_t size = sizeof bound;
  // The port sits at the same place for both families.
  return getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) == 0 ? ntohs(bound.sin6_port)
                                                                          : std::uint16_t{0};
}

Error failure(const std::string& what) { return Error{what + ": " + std::strerror(errno), errno}; }

}  // namespace

std::string peer_address(int fd) {
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&from), &size) != 0) {
    return "unknown";
  }
  return name_of(from, size);
}

Listener::Listener(struct ev_loop* loop, Accepted accepted)
    : loop_(loop), accepted_(std::move(accepted)) {
  ev_io_init(&watcher_, on_readable, -1, EV_READ);
  watcher_.data = this;
}

Listener::~Listener() { close(); }

Result<void> Listener::open(const std::string& address, std::uint16_t port) {
  const std::string where = "address " + address + " port " + std::to_string(port);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return Error{"not an IP address: " + address};
  }
  fd_ = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  const int off = 0;
  bool good = fd_ >= 0 && setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
  if (good && found->ai_family == AF_INET6) {
    good = setsockopt(fd_, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0;
  }
  good = good && bind(fd_, found->ai_addr, found->ai_addrlen) == 0 && listen(fd_, kBacklog) == 0;
  freeaddrinfo(found);
  if (!good) {
    return failure(where);
  }
  port_ = bound_port(fd_);
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
