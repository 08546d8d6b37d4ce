// The operations of the module, area by area; each table stands in the file of its handlers.
#pragma once

#include <span>
#include <vector>

#include <cardea/sdk/rest.hpp>

namespace cardea::auth {

class Auth;
using Operation = sdk::RestOperation<Auth>;

std::span<const Operation> registration_requests();
std::span<const Operation> login_requests();
std::span<const Operation> own_account_requests();
std::span<const Operation> second_factor_requests();
std::span<const Operation> guest_requests();
std::span<const Operation> code_requests();
std::span<const Operation> admin_requests();
std::span<const Operation> team_requests();
std::span<const Operation> room_token_requests();
std::span<const Operation> oauth_requests();
std::span<const Operation> node_requests();
std::span<const Operation> name_requests();

/// All of them.
std::span<const Operation> all_requests();

}  // namespace cardea::auth
