// The end of an account, whoever wants it.
#pragma once

#include <string_view>
#include <vector>

#include "plugins/auth/auth.hpp"

namespace cardea::auth {

/// [work] Removes the account with all that belongs to it, and ends its logins. A problem: nothing
/// may be committed.
Auth::Problem end_account(const Auth& auth, sdk::Transaction& transaction, std::string_view id,
                          std::vector<Revocation>& ended);

}  // namespace cardea::auth
