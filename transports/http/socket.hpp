// Listening sockets and addresses.
#pragma once

#include <cstdint>
#include <string>

#include <sys/socket.h>

#include <cardea/sdk/result.hpp>

namespace cardea::http {

/// @param address numeric. @param port 0 for one that the system chooses.
Result<int> listen_on(const std::string& address, std::uint16_t port);
std::uint16_t bound_port(int fd);

/// A client's address as text without port; IPv4 inside IPv6 is written as IPv4.
std::string address_text(const sockaddr* from, socklen_t size);

}  // namespace cardea::http
