// Making accounts: one transaction with the invitation that is used up, the codes that are given,
// and the first login.
#pragma once

#include <string>

#include <cardea/sdk/rest.hpp>

#include "plugins/auth/auth.hpp"

namespace cardea::auth {

struct Applicant {
  User user;  ///< the id is made here
  std::string invite_code;
  bool teams = false;       ///< whether accounts belong to teams
  std::string team_invite;  ///< code of a team to join; empty: a team of one's own
};

/// [work] Makes the account, and an administrator of the first one. A problem: nothing may be
/// committed.
Auth::Problem make_account(sdk::Transaction& transaction, const cardea_invites_t* invites,
                           Applicant& applicant);

}  // namespace cardea::auth
