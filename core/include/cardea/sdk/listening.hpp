// Listening sockets of transports, and addresses as text.
#pragma once

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cardea/sdk/result.hpp>

namespace cardea::sdk {

/// A TCP socket that listens without blocking, and takes IPv4 as well where the address is IPv6's.
/// @param address numeric. @param port 0 for one that the system chooses.
/// @returns a descriptor that the caller closes, or an error with the address and errno.
inline Result<int> listen_on(const std::string& address, std::uint16_t port) {
  constexpr int kBacklog = 1024;
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return Error{"not an IP address: " + address};
  }
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  const int off = 0;
  bool good = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
  if (good && found->ai_family == AF_INET6) {
    good = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0;
  }
  good = good && bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, kBacklog) == 0;
  freeaddrinfo(found);
  if (good) {
    return fd;
  }
  const int reason = errno;
  if (fd >= 0) {
    close(fd);
  }
  return Error{
      "address " + address + " port " + std::to_string(port) + ": " + std::strerror(reason),
      reason};
}

/// The port that a socket got; 0 when it has none.
inline std::uint16_t bound_port(int fd) {
  sockaddr_in6 bound{};
  socklen_t size = sizeof bound;
  // The port sits at the same place for both families.
  return getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) == 0 ? ntohs(bound.sin6_port)
                                                                          : std::uint16_t{0};
}

/// A client's address as text without port; IPv4 inside IPv6 is written as IPv4.
inline std::string address_text(const sockaddr* from, socklen_t size) {
  constexpr std::string_view kMapped = "::ffff:";
  std::array<char, NI_MAXHOST> text{};
  if (from == nullptr ||
      getnameinfo(from, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) {
    return "unknown";
  }
  std::string_view address(text.data());
  if (address.starts_with(kMapped) && address.find('.') != std::string_view::npos) {
    address.remove_prefix(kMapped.size());
  }
  return std::string(address);
}

/// Where a socket listens, as a URL. @param scheme with its slashes: "http://".
inline std::string listening_url(const char* scheme, const std::string& address,
                                 std::uint16_t port) {
  const bool v6 = address.find(':') != std::string::npos;
  return scheme + (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

}  // namespace cardea::sdk
