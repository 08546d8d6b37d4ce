// The addresses of this machine's interfaces, as far as lists of names allow them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/address.hpp"

namespace cardea::media {

/// Janus's ice_enforce_list and ice_ignore_list: beginnings of names of interfaces or of addresses
/// ("eth0", "192.168.").
struct InterfaceLists {
  /// Not empty: only these, and `ignore` does not count.
  std::vector<std::string> enforce;
  std::vector<std::string> ignore;

  [[nodiscard]] bool allow(std::string_view interface, std::string_view ip) const;
};

/// Of interfaces that are up, IPv4 before IPv6, without link-local ones; loopback only when there
/// is no other. Ports are 0.
std::vector<Address> interface_addresses(const InterfaceLists& lists);

}  // namespace cardea::media
