// Whose account it is that somebody from a provider comes for.
#pragma once

#include <string>

#include "plugins/auth/oauth/flow.hpp"

namespace cardea::auth::oauth {

/// What an account that has the address already is done with.
struct LinkRules {
  bool by_email = false;      ///< it is taken, when the address is verified on both sides
  bool by_mail = false;       ///< its owner is asked by mail
  std::int64_t mail_ttl = 0;  ///< seconds
};

struct Entered {
  User user;
  std::string mail_code;  ///< not empty: nobody has entered, `user` is to be asked with this
};

/// [work] Finds the account of (provider, subject), links or makes one.
Auth::Problem find_or_make(sdk::Transaction& transaction, const cardea_invites_t* invites,
                           const NameRules& names, const LinkRules& rules, const Flow& flow,
                           const External& external, Entered& out);

/// [work] The answer to that mail: links what the code is for. False when it is unknown or too
/// old.
bool confirm_link(sdk::Transaction& transaction, const std::string& code);

}  // namespace cardea::auth::oauth
