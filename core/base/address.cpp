#include "core/base/address.hpp"

#include <cstring>

#include <arpa/inet.h>

#include "core/base/bytes.hpp"

namespace cardea {

namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

Result<Address> Address::parse(std::string_view ip, std::uint16_t port) {
  const std::string text(ip);
  sockaddr_in v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    return from_sockaddr(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
  }
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    return from_sockaddr(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
  }
  return Error{"not an IP address: " + text};
}

Address Address::from_sockaddr(const sockaddr* from, socklen_t size) {
  Address out;
  if (from->sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in v4{};
    std::memcpy(&v4, from, sizeof v4);
    std::memcpy(out.ip_.data(), &v4.sin_addr, 4);
    out.port_ = ntohs(v4.sin_port);
    out.family_ = AF_INET;
  } else if (from->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, from, sizeof v6);
    const auto* ip = reinterpret_cast<const std::uint8_t*>(&v6.sin6_addr);
    const bool mapped = std::memcmp(ip, kMappedPrefix.data(), kMappedPrefix.size()) == 0;
    std::memcpy(out.ip_.data(), mapped ? ip + 12 : ip, mapped ? 4 : 16);
    out.port_ = ntohs(v6.sin6_port);
    out.family_ = mapped ? AF_INET : AF_INET6;
  }
  return out;
}

socklen_t Address::to_sockaddr(sockaddr_storage& out) const {
  if (is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port_);
    std::memcpy(&v4.sin_addr, ip_.data(), 4);
    std::memcpy(&out, &v4, sizeof v4);
    return sizeof v4;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port_);
  std::memcpy(&v6.sin6_addr, ip_.data(), 16);
  std::memcpy(&out, &v6, sizeof v6);
  return sizeof v6;
}

bool Address::is_wildcard() const { return family_ != 0 && ip_ == std::array<std::uint8_t, 16>{}; }

bool Address::is_loopback() const {
  if (is_v4()) {
    return ip_[0] == 127;
  }
  return ip() == "::1";
}

std::string Address::ip() const {
  if (empty()) {
    return "";
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family_, ip_.data(), text.data(), text.size());
  return text.data();
}

std::string Address::to_string() const {
  const std::string host = is_v4() ? ip() : "[" + ip() + "]";
  return host + ":" + std::to_string(port_);
}

std::size_t Address::hash() const {
  // Ports and the low address bytes differ most between clients; one multiply mixes them all.
  const std::uint64_t high = load_u64(ip_.data());
  const std::uint64_t low = load_u64(ip_.data() + 8);
  std::uint64_t mixed = (high ^ (low * 0x9E3779B97F4A7C15ULL) ^ port_) * 0xD6E8FEB86659FD93ULL;
  mixed ^= mixed >> 32;
  return mixed;
}

}  // namespace cardea
