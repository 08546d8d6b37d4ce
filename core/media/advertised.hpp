// The host candidates that go into our descriptions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/base/address.hpp"

namespace cardea::media {

/// What to bind, one address of each family at most. @param given addresses come first. For a
/// family that is only in @param advertised: every interface, or its loopback address when that is
/// the only one of the family. An error names an address that is none.
Result<std::vector<Address>> binds_for(const std::vector<std::string>& given,
                                       const std::vector<std::string>& advertised,
                                       std::uint16_t port);

/// @param binds the addresses of the sockets. @param advertised numeric addresses, best first;
/// empty: `binds`, or for a wildcard the addresses of the interfaces that are up (loopback only
/// when there is no other). At most 8. @param tcp_port 0: no candidates for TCP.
/// @returns values of a=candidate without "candidate:", those for UDP first; an error names an
/// address that is none.
Result<std::vector<std::string>> candidates_for(const std::vector<Address>& binds,
                                                const std::vector<std::string>& advertised,
                                                std::uint16_t port, std::uint16_t tcp_port);

}  // namespace cardea::media
