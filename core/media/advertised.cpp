// Candidate lines (RFC 8839 5.1) and a look at the interfaces.
#include "core/media/advertised.hpp"

#include <algorithm>

#include <ifaddrs.h>
#include <net/if.h>

namespace cardea::media {
namespace {

constexpr std::size_t kMaxAddresses = 8;
// Type preference 126 (host), component 1; the local preference falls from the first to the last
// address (RFC 8445 5.1.2.1).
constexpr std::uint32_t kUdpPriority = 126U << 24 | 255;
// Below all of UDP; 4 is the direction preference of a passive host candidate (RFC 6544 4.2).
constexpr std::uint32_t kTcpPriority = 90U << 24 | 4U << 21 | 255;

std::string line_for(std::size_t foundation, const char* transport, std::uint64_t priority,
                     const std::string& ip, std::uint16_t port) {
  return std::to_string(foundation) + " 1 " + transport + " " + std::to_string(priority) + " " +
         ip + " " + std::to_string(port) + " typ host";
}

bool is_link_local_v6(const Address& address) {
  return !address.is_v4() && address.ip_bytes()[0] == 0xFE &&
         (address.ip_bytes()[1] & 0xC0) == 0x80;
}

std::vector<std::string> interface_addresses(bool v4) {
  std::vector<std::string> found;
  std::vector<std::string> loopback;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) {
    return {v4 ? "127.0.0.1" : "::1"};
  }
  for (const ifaddrs* item = list; item != nullptr; item = item->ifa_next) {
    if (item->ifa_addr == nullptr || (item->ifa_flags & IFF_UP) == 0) {
      continue;
    }
    if (item->ifa_addr->sa_family != (v4 ? AF_INET : AF_INET6)) {
      continue;
    }
    const socklen_t size = v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    const Address address = Address::from_sockaddr(item->ifa_addr, size);
    if (!is_link_local_v6(address)) {
      (address.is_loopback() ? loopback : found).push_back(address.ip());
    }
  }
  freeifaddrs(list);
  return found.empty() ? loopback : found;
}

/// The addresses that the texts of `list` are; an error names what is no address.
Result<std::vector<Address>> parse_all(const std::vector<std::string>& list, std::uint16_t port) {
  std::vector<Address> out;
  for (const std::string& text : list) {
    auto address = Address::parse(text, port);
    if (!address) {
      return Error{"media address \"" + text + "\": " + address.error().message};
    }
    out.push_back(*address);
  }
  return out;
}

}  // namespace

Result<std::vector<Address>> binds_for(const std::vector<std::string>& given,
                                       const std::vector<std::string>& advertised,
                                       std::uint16_t port) {
  auto binds = parse_all(given, port);
  const auto named = parse_all(advertised, port);
  if (!binds || !named) {
    return binds ? named.error() : binds.error();
  }
  for (const Address& address : *named) {
    const bool v4 = address.is_v4();
    const auto same_family = [v4](const Address& other) { return other.is_v4() == v4; };
    if (std::any_of(binds->begin(), binds->end(), same_family)) {
      continue;
    }
    const bool loopback = std::all_of(named->begin(), named->end(), [&](const Address& other) {
      return !same_family(other) || other == address;
    });
    const bool keep = loopback && address.is_loopback();
    binds->push_back(keep ? address : *Address::parse(v4 ? "0.0.0.0" : "::", port));
  }
  if (binds->empty()) {
    return Error{"media: neither an address to bind nor one to tell clients"};
  }
  return binds;
}

Result<std::vector<std::string>> candidates_for(const std::vector<Address>& binds,
                                                const std::vector<std::string>& advertised,
                                                std::uint16_t port, std::uint16_t tcp_port) {
  std::vector<std::string> addresses = advertised;
  for (const Address& bind : advertised.empty() ? binds : std::vector<Address>()) {
    const auto found = bind.is_wildcard() ? interface_addresses(bind.is_v4())
                                          : std::vector<std::string>{bind.ip()};
    addresses.insert(addresses.end(), found.begin(), found.end());
  }
  const auto named = parse_all(addresses, port);
  if (!named) {
    return named.error();
  }
  std::vector<std::string> candidates;
  const std::size_t count = std::min(named->size(), kMaxAddresses);
  for (std::size_t i = 0; i < count; ++i) {
    candidates.push_back(
        line_for(i + 1, "udp", kUdpPriority | (65'535U - i) << 8, named->at(i).ip(), port));
  }
  for (std::size_t i = 0; tcp_port != 0 && i < count; ++i) {
    candidates.push_back(line_for(count + i + 1, "tcp", kTcpPriority | (8191U - i) << 8,
                                  named->at(i).ip(), tcp_port) +
                         " tcptype passive");
  }
  return candidates;
}

}  // namespace cardea::media
