// The host candidates that go into our descriptions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/base/address.hpp"

namespace cardea::media {

/// @param bind the address of the socket. @param advertised numeric addresses, best first; empty:
///   `bind` itself, or for a wildcard the addresses of the interfaces that are up (loopback only
///   when there is no other). At most 8.
/// @returns values of a=candidate without "candidate:"; an error names an address that is none.
Result<std::vector<std::string>> candidates_for(const Address& bind,
                                                const std::vector<std::string>& advertised,
                                                std::uint16_t port);

}  // namespace cardea::media
