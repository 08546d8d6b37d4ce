// The addresses that clients are told, those that are bound for them, and the candidates made of
// them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/base/address.hpp"
#include "core/media/interfaces.hpp"

namespace cardea::media {

/// A NAT in front of this machine that hands on all that comes to its address.
struct NatOptions {
  /// Public addresses, told in place of ours of the same family.
  std::vector<std::string> mapping;
  /// Ours are told too, behind them.
  bool keep_private_host = false;
  InterfaceLists interfaces;
};

struct Advertised {
  std::vector<Address> ours;
  /// The best first.
  std::vector<Address> told;
};

/// @param configured numeric addresses, the best first; "auto" stands for those of the interfaces.
/// An error names what is no address, or a mapping of nothing.
Result<Advertised> advertised_addresses(const std::vector<std::string>& configured,
                                        const NatOptions& nat);

/// What to bind, one address of each family at most. @param given numeric addresses that come
/// first. For a family that is only in @param ours: every interface, or its loopback address when
/// that is the only one of the family.
Result<std::vector<Address>> binds_for(const std::vector<std::string>& given,
                                       const std::vector<Address>& ours, std::uint16_t port);

/// @param told 8 of them at most are used. @param tcp_port 0: no candidates for TCP.
/// @returns values of a=candidate without "candidate:" (RFC 8839 5.1), those for UDP first.
std::vector<std::string> candidates_for(const std::vector<Address>& told, std::uint16_t udp_port,
                                        std::uint16_t tcp_port);

}  // namespace cardea::media
