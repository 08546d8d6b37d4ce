#include "plugins/auth/requests.hpp"

namespace cardea::auth {

std::span<const Operation> all_requests() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> out;
    for (const auto table : {registration_requests(), login_requests(), own_account_requests(),
                             second_factor_requests(), guest_requests(), code_requests(),
                             admin_requests(), oauth_requests(), node_requests(), name_requests(),
                             team_requests(), room_token_requests()}) {
      out.insert(out.end(), table.begin(), table.end());
    }
    return out;
  }();
  return all;
}

}  // namespace cardea::auth
