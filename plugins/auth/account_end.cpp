#include "plugins/auth/account_end.hpp"

#include "plugins/auth/teams.hpp"

namespace cardea::auth {

Auth::Problem end_account(const Auth& auth, sdk::Transaction& transaction, std::string_view id,
                          std::vector<Revocation>& ended) {
  if (!users::by_id(transaction, id)) {
    return sdk::RestProblem{404, "not_found", "There is no such account", {}, {}};
  }
  auth.logins().end_all(transaction, id, {}, ended);
  auth.logins().outdate(transaction, id, ended);
  const auto* invites = auth.invites();
  if (invites != nullptr &&
      invites->forget(invites->instance, transaction.raw(), sdk::to_str(id)) != 0) {
    return sdk::RestProblem{};
  }
  teams::leave(transaction, id);
  users::remove(transaction, id);
  return std::nullopt;
}

}  // namespace cardea::auth
