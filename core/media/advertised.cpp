// Candidate lines (RFC 8839 5.1) and a look at the interfaces.
#include "core/media/advertised.hpp"

#include <algorithm>

#include <ifaddrs.h>
#include <net/if.h>

namespace cardea::media {
namespace {

constexpr std::size_t kMaxCandidates = 8;
// Type preference 126 (host), component 1; the local preference falls from the first to the last
// address (RFC 8445 5.1.2.1).
constexpr std::uint32_t kHostPriority = 126U << 24 | 255;

bool is_wildcard(const Address& address) {
  return std::all_of(address.ip_bytes(), address.ip_bytes() + address.ip_size(),
                     [](std::uint8_t byte) { return byte == 0; });
}

bool is_link_local_v6(const Address& address) {
  return !address.is_v4() && address.ip_bytes()[0] == 0xFE &&
         (address.ip_bytes()[1] & 0xC0) == 0x80;
}

std::vector<std::string> interface_addresses(bool v4_only) {
  std::vector<std::string> found;
  std::vector<std::string> loopback;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) {
    return {"127.0.0.1"};
  }
  for (const ifaddrs* item = list; item != nullptr; item = item->ifa_next) {
    if (item->ifa_addr == nullptr || (item->ifa_flags & IFF_UP) == 0) {
      continue;
    }
    const int family = item->ifa_addr->sa_family;
    if (family != AF_INET && (family != AF_INET6 || v4_only)) {
      continue;
    }
    const socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    const Address address = Address::from_sockaddr(item->ifa_addr, size);
    if (!is_link_local_v6(address)) {
      (address.is_loopback() ? loopback : found).push_back(address.ip());
    }
  }
  freeifaddrs(list);
  return found.empty() ? loopback : found;
}

}  // namespace

Result<std::vector<std::string>> candidates_for(const Address& bind,
                                                const std::vector<std::string>& advertised,
                                                std::uint16_t port) {
  std::vector<std::string> addresses = advertised;
  if (addresses.empty()) {
    addresses =
        is_wildcard(bind) ? interface_addresses(bind.is_v4()) : std::vector<std::string>{bind.ip()};
  }
  std::vector<std::string> candidates;
  for (const std::string& text : addresses) {
    const auto address = Address::parse(text, port);
    if (!address) {
      return Error{"media address \"" + text + "\": " + address.error().message};
    }
    if (candidates.size() == kMaxCandidates) {
      break;
    }
    const auto preference = static_cast<std::uint32_t>(65'535 - candidates.size());
    const std::uint32_t priority = kHostPriority | preference << 8;
    candidates.push_back(std::to_string(candidates.size() + 1) + " 1 udp " +
                         std::to_string(priority) + " " + address->ip() + " " +
                         std::to_string(port) + " typ host");
  }
  return candidates;
}

}  // namespace cardea::media
