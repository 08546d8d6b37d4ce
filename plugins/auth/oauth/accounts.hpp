// Whose account it is that somebody from a provider comes for.
#pragma once

#include <string>

#include "plugins/auth/oauth/flow.hpp"

namespace cardea::auth::oauth {

/// [work] Finds the account of (provider, subject), links or makes one; its user comes out.
/// @param link_by_email an account with the same address, verified on both sides, is taken.
Auth::Problem find_or_make(sdk::Transaction& transaction, const cardea_invites_t* invites,
                           const NameRules& names, bool link_by_email, const Flow& flow,
                           const External& external, User& user);

}  // namespace cardea::auth::oauth
