// The tables of logins, of their refresh tokens and of what is revoked: [work] functions on a
// transaction under way.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/database.hpp>

#include "plugins/auth/revocations.hpp"

namespace cardea::auth {

struct LoginSession {
  std::string id;
  std::string user;
  std::string device_name;
  std::string ip_masked;
  std::int64_t created_at = 0;
  std::int64_t last_activity = 0;
  std::int64_t expires_at = 0;
};

namespace login_sessions {

void insert(sdk::Transaction& transaction, const LoginSession& session);
/// The latest first.
std::vector<LoginSession> of_user(sdk::Transaction& transaction, std::string_view user,
                                  std::int64_t now);
void set_activity(sdk::Transaction& transaction, std::string_view id, std::int64_t now,
                  std::int64_t expires_at);
bool remove(sdk::Transaction& transaction, std::string_view id);

struct RefreshToken {
  bool known = false;
  bool used = false;
  std::string session;
  std::string user;
  std::int64_t expires_at = 0;
};
void add_refresh(sdk::Transaction& transaction, std::string_view hash, std::string_view session,
                 std::int64_t expires_at);
RefreshToken find_refresh(sdk::Transaction& transaction, std::string_view hash);
/// False when another request was first.
bool use_refresh(sdk::Transaction& transaction, std::string_view hash, std::int64_t now);

void add_revocation(sdk::Transaction& transaction, const Revocation& revocation);
std::vector<Revocation> revocations(sdk::Transaction& transaction, std::int64_t now);

/// What has expired, of all three tables.
void purge(sdk::Transaction& transaction, std::int64_t now);

}  // namespace login_sessions
}  // namespace cardea::auth
