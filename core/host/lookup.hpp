// Questions to name and STUN servers. They block: for the executor only.
#pragma once

#include <string>

#include <cardea/sdk/result.hpp>

#include "core/session/admin_port.hpp"

namespace cardea::host {

/// The first address of a host name, IPv4 before IPv6. [any]
Result<session::LookedUp> resolve_name(const std::string& host);

/// Our own address as a STUN server sees it; waits two seconds at most, the name's resolution
/// aside. [any]
Result<session::LookedUp> ask_stun_server(const session::StunQuestion& question);

}  // namespace cardea::host
