#include "core/media/interfaces.hpp"

#include <algorithm>
#include <memory>

#include <ifaddrs.h>
#include <net/if.h>

namespace cardea::media {
namespace {

struct FreeList {
  void operator()(ifaddrs* list) const { freeifaddrs(list); }
};

bool is_link_local(const Address& address) {
  const std::uint8_t* ip = address.ip_bytes();
  return address.is_v4() ? ip[0] == 169 && ip[1] == 254 : ip[0] == 0xFE && (ip[1] & 0xC0) == 0x80;
}

bool begins_with_one(std::string_view text, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const std::string& beginning) { return text.starts_with(beginning); });
}

Address address_of(const ifaddrs& item) {
  if (item.ifa_addr == nullptr || (item.ifa_flags & IFF_UP) == 0) {
    return {};
  }
  const bool v4 = item.ifa_addr->sa_family == AF_INET;
  return Address::from_sockaddr(item.ifa_addr, v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
}

}  // namespace

bool InterfaceLists::allow(std::string_view interface, std::string_view ip) const {
  if (!enforce.empty()) {
    return begins_with_one(interface, enforce) || begins_with_one(ip, enforce);
  }
  return !begins_with_one(interface, ignore) && !begins_with_one(ip, ignore);
}

std::vector<Address> interface_addresses(const InterfaceLists& lists) {
  ifaddrs* raw = nullptr;
  if (getifaddrs(&raw) != 0) {
    return {};
  }
  const std::unique_ptr<ifaddrs, FreeList> list(raw);
  std::vector<Address> found;
  std::vector<Address> loopback;
  for (const ifaddrs* item = list.get(); item != nullptr; item = item->ifa_next) {
    const Address address = address_of(*item);
    if (!address.empty() && !is_link_local(address) && lists.allow(item->ifa_name, address.ip())) {
      (address.is_loopback() ? loopback : found).push_back(address);
    }
  }
  std::vector<Address>& wanted = found.empty() ? loopback : found;
  std::stable_partition(wanted.begin(), wanted.end(),
                        [](const Address& address) { return address.is_v4(); });
  return wanted;
}

}  // namespace cardea::media
