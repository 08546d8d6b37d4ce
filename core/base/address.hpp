// An IP address and UDP or TCP port, as a small value that hashes and compares.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <netinet/in.h>
#include <sys/socket.h>

#include <cardea/sdk/result.hpp>

namespace cardea {

/// IPv4 or IPv6. IPv4-mapped IPv6 addresses are stored as IPv4, so that one client has one form.
class Address {
 public:
  Address() = default;

  /// @param ip numeric only ("127.0.0.1", "::1"); names are not resolved.
  static Result<Address> parse(std::string_view ip, std::uint16_t port);
  /// @param size bytes valid at `from`; an unknown family gives an empty Address.
  static Address from_sockaddr(const sockaddr* from, socklen_t size);

  /// Fills `out` and returns the size to hand to the socket call.
  socklen_t to_sockaddr(sockaddr_storage& out) const;

  [[nodiscard]] bool empty() const { return family_ == 0; }
  [[nodiscard]] bool is_v4() const { return family_ == AF_INET; }
  [[nodiscard]] bool is_loopback() const;
  /// 0.0.0.0 or ::.
  [[nodiscard]] bool is_wildcard() const;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// 4 or 16 bytes in network order.
  [[nodiscard]] const std::uint8_t* ip_bytes() const { return ip_.data(); }
  [[nodiscard]] std::size_t ip_size() const { return is_v4() ? 4 : 16; }
  [[nodiscard]] std::string ip() const;
  /// "1.2.3.4:5" or "[::1]:5".
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::size_t hash() const;

  friend bool operator==(const Address&, const Address&) = default;

 private:
  std::array<std::uint8_t, 16> ip_{};
  std::uint16_t port_ = 0;
  std::uint16_t family_ = 0;
};

struct AddressHash {
  std::size_t operator()(const Address& address) const { return address.hash(); }
};

}  // namespace cardea
