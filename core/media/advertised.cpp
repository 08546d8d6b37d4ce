#include "core/media/advertised.hpp"

#include <algorithm>

namespace cardea::media {
namespace {

constexpr std::size_t kMaxAddresses = 8;
// Type preference 126 (host), component 1; the local preference falls from the first to the last
// address (RFC 8445 5.1.2.1).
constexpr std::uint32_t kUdpPriority = 126U << 24 | 255;
// Below all of UDP; 4 is the direction preference of a passive host candidate (RFC 6544 4.2).
constexpr std::uint32_t kTcpPriority = 90U << 24 | 4U << 21 | 255;

std::string line_for(std::size_t foundation, const char* transport, std::uint64_t priority,
                     const Address& address, std::uint16_t port) {
  return std::to_string(foundation) + " 1 " + transport + " " + std::to_string(priority) + " " +
         address.ip() + " " + std::to_string(port) + " typ host";
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

bool has_family(const std::vector<Address>& list, bool v4) {
  return std::any_of(list.begin(), list.end(),
                     [v4](const Address& address) { return address.is_v4() == v4; });
}

}  // namespace

Result<Advertised> advertised_addresses(const std::vector<std::string>& configured,
                                        const NatOptions& nat) {
  Advertised out;
  for (const std::string& text : configured) {
    const auto found =
        text == "auto" ? Result(interface_addresses(nat.interfaces)) : parse_all({text}, 0);
    if (!found) {
      return found.error();
    }
    out.ours.insert(out.ours.end(), found->begin(), found->end());
  }
  const auto mapping = parse_all(nat.mapping, 0);
  if (!mapping) {
    return mapping.error();
  }
  const bool loopback = std::all_of(out.ours.begin(), out.ours.end(),
                                    [](const Address& address) { return address.is_loopback(); });
  for (const Address& address : *mapping) {
    if (loopback || !has_family(out.ours, address.is_v4())) {
      return Error{"nat_1_1_mapping " + address.ip() +
                   " stands for no address of this machine: [media] address must be auto or name "
                   "the private one"};
    }
  }
  out.told = *mapping;
  for (const Address& address : out.ours) {
    if (nat.keep_private_host || !has_family(*mapping, address.is_v4())) {
      out.told.push_back(address);
    }
  }
  return out;
}

Result<std::vector<Address>> binds_for(const std::vector<std::string>& given,
                                       const std::vector<Address>& ours, std::uint16_t port) {
  auto binds = parse_all(given, port);
  if (!binds) {
    return binds;
  }
  for (const Address& address : ours) {
    const bool v4 = address.is_v4();
    if (has_family(*binds, v4)) {
      continue;
    }
    const bool alone = std::all_of(ours.begin(), ours.end(), [&](const Address& other) {
      return other.is_v4() != v4 || other == address;
    });
    const std::string every = v4 ? "0.0.0.0" : "::";
    binds->push_back(*Address::parse(alone && address.is_loopback() ? address.ip() : every, port));
  }
  if (binds->empty()) {
    return Error{"media: neither an address to bind nor one to tell clients"};
  }
  return binds;
}

std::vector<std::string> candidates_for(const std::vector<Address>& told, std::uint16_t udp_port,
                                        std::uint16_t tcp_port) {
  std::vector<std::string> candidates;
  const std::size_t count = std::min(told.size(), kMaxAddresses);
  for (std::size_t i = 0; i < count; ++i) {
    candidates.push_back(
        line_for(i + 1, "udp", kUdpPriority | (65'535U - i) << 8, told[i], udp_port));
  }
  for (std::size_t i = 0; tcp_port != 0 && i < count; ++i) {
    candidates.push_back(
        line_for(count + i + 1, "tcp", kTcpPriority | (8191U - i) << 8, told[i], tcp_port) +
        " tcptype passive");
  }
  return candidates;
}

}  // namespace cardea::media
