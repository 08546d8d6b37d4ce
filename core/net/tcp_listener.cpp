#include "core/net/tcp_listener.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cardea::net {
namespace {

constexpr int kBacklog = 256;

Error system_error(const char* what) {
  return Error{std::string(what) + ": " + std::strerror(errno)};
}

bool turn_on(int fd, int level, int option) {
  const int on = 1;
  return setsockopt(fd, level, option, &on, sizeof on) == 0;
}

}  // namespace

TcpListener::~TcpListener() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

TcpListener::TcpListener(TcpListener&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), local_(other.local_) {}

Result<TcpListener> TcpListener::open(const Options& options) {
  const bool v4 = options.bind.is_v4();
  const int fd = socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return system_error("socket");
  }
  TcpListener listener(fd);
  // A server that starts again must not wait for the end of its old connections.
  if (!turn_on(fd, SOL_SOCKET, SO_REUSEADDR) ||
      (options.reuse_port && !turn_on(fd, SOL_SOCKET, SO_REUSEPORT)) ||
      (!v4 && !turn_on(fd, IPPROTO_IPV6, IPV6_V6ONLY))) {
    return system_error("options");
  }
  sockaddr_storage name{};
  socklen_t size = options.bind.to_sockaddr(name);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&name), size) != 0) {
    return system_error("bind");
  }
  size = sizeof name;
  if (listen(fd, kBacklog) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    return system_error("listen");
  }
  listener.local_ = Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&name), size);
  return listener;
}

TcpListener::Accepted TcpListener::accept() {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  int fd = -1;
  do {
    fd = accept4(fd_, reinterpret_cast<sockaddr*>(&name), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    // ECONNABORTED: that one has gone already.
  } while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
  if (fd >= 0) {
    return {Outcome::Accepted, fd,
            Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&name), size)};
  }
  const bool exhausted = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
  return {exhausted ? Outcome::Exhausted : Outcome::Nothing, -1, {}};
}

}  // namespace cardea::net
