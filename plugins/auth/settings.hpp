// The module's configuration: as the module reads it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <cardea/rest.h>
#include <cardea/sdk/json.hpp>

#include "plugins/auth/hasher.hpp"
#include "plugins/auth/passwords.hpp"
#include "plugins/auth/usernames.hpp"

namespace cardea::auth {

struct Settings {
  NameRules names;
  PasswordRules passwords;
  Hasher::Settings hashing;
  std::string jwt_secret;           ///< empty: kept in the data folder
  std::string jwt_previous_secret;  ///< still accepted; empty: none
  std::string issuer;
  std::string audience;
  std::int64_t access_ttl = 1800;        ///< seconds
  std::int64_t refresh_ttl = 2'592'000;  ///< seconds
  bool reuse_revokes_all = false;
  bool guests = true;
  std::int64_t guest_ttl = 86'400;       ///< seconds
  std::int64_t reset_ttl = 1800;         ///< seconds
  std::int64_t verify_ttl = 604'800;     ///< seconds
  std::string link_url;                  ///< without a final slash; empty: not known
  std::int64_t failures_per_hour = 100;  ///< wrong passwords of one account
  std::int64_t sessions_per_user = 50;
  bool node_proof = true;  ///< nodes show that they have their key
  bool teams = false;
  std::vector<cardea_rest_limit_t> limits;
};

/// Throws what stops the start: a limit that cannot be read.
Settings read_settings(const Json& config);

}  // namespace cardea::auth
