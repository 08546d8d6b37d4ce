// How logins begin, go on and end: what ties the tables, the tokens and the revocations together.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/rest.hpp>

#include "plugins/auth/access_tokens.hpp"
#include "plugins/auth/login_sessions.hpp"
#include "plugins/auth/settings.hpp"
#include "plugins/auth/users.hpp"

namespace cardea::auth {

/// Where a login comes from, as its owner sees it in the list.
struct Device {
  std::string name;
  std::string ip_masked;
};
Device device_of(const sdk::RestCall& call);
/// "192.0.2.*", "2001:db8:0:*"; nobody's whole address is stored.
std::string masked_address(std::string_view address);

/// A login whose tokens are to be told.
struct Login {
  User user;
  std::string session;
  std::string refresh_token;
  std::vector<Revocation> ended;  ///< older logins that had to go
};

/// Seconds since 1970.
std::int64_t wall_clock();

class Logins {
 public:
  explicit Logins(const Settings& settings) : settings_(settings) {}

  /// [work] A new login of that user.
  Login begin(sdk::Transaction& transaction, const User& user, const Device& device) const;

  enum class Refreshed { Yes, Unknown, Reused };
  /// [work] Replaces a refresh token. Reused: the family, or all, has ended; `out.ended` says
  /// which.
  Refreshed refresh(sdk::Transaction& transaction, std::string_view token, Login& out) const;

  /// [work] Ends one login, or all of a user except one. Adds what is revoked to `ended`.
  void end(sdk::Transaction& transaction, std::string_view session,
           std::vector<Revocation>& ended) const;
  void end_all(sdk::Transaction& transaction, std::string_view user, std::string_view except,
               std::vector<Revocation>& ended) const;
  /// [work] All access tokens of a user that are out count no more; refreshing brings new ones.
  void outdate(sdk::Transaction& transaction, std::string_view user,
               std::vector<Revocation>& ended) const;

 private:
  // When the last access token of now will have expired on every clock.
  [[nodiscard]] std::int64_t last_expiry(std::int64_t now) const;
  std::string add_refresh(sdk::Transaction& transaction, std::string_view session,
                          std::int64_t now) const;

  const Settings& settings_;
};

}  // namespace cardea::auth
