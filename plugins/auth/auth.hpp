// The module of accounts: its parts, which the handlers of requests use, and what it gives to the
// host.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/identity.h>
#include <cardea/invites.h>
#include <cardea/mail.h>
#include <cardea/sdk/bus.hpp>
#include <cardea/sdk/database.hpp>
#include <cardea/sdk/module.hpp>
#include <cardea/sdk/rest.hpp>
#include <cardea/sdk/server.hpp>
#include <cardea/start.h>

#include "plugins/auth/access_tokens.hpp"
#include "plugins/auth/hasher.hpp"
#include "plugins/auth/keys.hpp"
#include "plugins/auth/login_delay.hpp"
#include "plugins/auth/logins.hpp"
#include "plugins/auth/oauth/oauth.hpp"
#include "plugins/auth/revocations.hpp"
#include "plugins/auth/room_tokens.hpp"
#include "plugins/auth/settings.hpp"

namespace cardea::auth {

/// A request that is answered later.
using Call = std::shared_ptr<sdk::RestCall>;

class Auth {
 public:
  static constexpr const char* kRequires[] = {CARDEA_DATABASE_MODULE, CARDEA_BUS_MODULE,
                                              "?" CARDEA_INVITES_MODULE, "?" CARDEA_MAIL_MODULE,
                                              nullptr};
  static constexpr cardea_module_info_t kInfo = {
      .size = 0,
      .abi_major = 0,
      .version = 1,
      .kind = "service",
      .id = "cardea.plugin.auth",
      .name = "Accounts",
      .version_text = "0.1.0",
      .author = "Cardea",
      .licence = "Apache-2.0",
      .description = "People, their passwords, tokens and logins",
      .aliases = nullptr,
      .requires_ids = kRequires,
      .config_keys = keys::kEvery.data(),
      .config_key_count = keys::kEvery.size(),
      .create = nullptr,
      .destroy = nullptr,
      .get_interface = nullptr,
  };

  /// Throws what stops the start.
  Auth(const cardea_host_t& table, const Json& config);
  ~Auth();
  Auth(const Auth&) = delete;
  Auth& operator=(const Auth&) = delete;

  const void* get_interface(std::string_view id) noexcept;
  [[nodiscard]] const sdk::RestTable<Auth>& rest() const { return rest_; }

  // Parts for the handlers; all [control] but the constants.
  [[nodiscard]] const sdk::Host& host() const { return host_; }
  [[nodiscard]] const sdk::Server& server() const { return server_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const Logins& logins() const { return logins_; }
  sdk::Database& database() { return database_; }
  Hasher& hasher() { return hasher_; }
  LoginDelay& delay() { return delay_; }
  oauth::OAuth& oauth() { return oauth_; }
  /// Null when nobody deals with them here.
  [[nodiscard]] const cardea_invites_t* invites() const { return invites_; }
  [[nodiscard]] const cardea_mail_t* mail() const { return mail_; }

  /// What stands in the way; nothing: the work is done.
  using Problem = std::optional<sdk::RestProblem>;
  using Work = std::function<Problem(sdk::Transaction&)>;
  /// Runs `work` in a transaction, which a problem rolls back. Then `done`, or the call is answered
  /// with the problem.
  /// @param refused takes the problem instead of the call, when it is given.
  void transact(const Call& call, Work work, std::function<void()> done,
                std::function<void(const sdk::RestProblem&)> refused = nullptr);

  /// Makes it known here and to all nodes that these tokens count no more; after the commit.
  void revoke(const std::vector<Revocation>& ended);

  /// A key counts from now on, or no more, as the table says already; other nodes read it there.
  void know(const room_tokens::ApiKey& key) { room_keys_[key.key] = key; }
  void forget_key(const std::string& key);

  /// The answer to who has logged in: both tokens and the user.
  [[nodiscard]] Json login_answer(const Login& login) const;
  [[nodiscard]] std::string guest_token(const std::string& id, const std::string& handle) const;

 private:
  static int resolve(void* instance, cardea_str_t token, cardea_principal_t* out);
  static void started(void* instance);
  static void look(void* instance);
  [[nodiscard]] std::optional<sdk::Principal> bearer_of(std::string_view token) const;
  struct Found;
  void learn(const Found& found, std::int64_t now);
  // Loads what is revoked and the API keys, purges what has expired, again and again.
  void look_at_tables();

  sdk::Host host_;
  sdk::Server server_;
  Settings settings_;
  AccessTokens tokens_;
  sdk::Database database_;
  sdk::Bus bus_;
  oauth::OAuth oauth_;
  Hasher hasher_;
  Logins logins_;
  LoginDelay delay_;
  Revocations revocations_;
  room_tokens::Keys room_keys_;
  bool loaded_ = false;  ///< before that nobody is known, because the token may be a revoked one
  std::int64_t purged_ = 0;
  std::uint64_t timer_ = 0;
  const cardea_invites_t* invites_;
  const cardea_mail_t* mail_;
  sdk::Principal bearer_;  ///< whose texts the last principal borrows
  cardea_identity_t identity_;
  sdk::RestTable<Auth> rest_;
};

/// 503 with Retry-After: too many passwords are being looked at.
sdk::RestProblem too_busy();

/// A user as he sees himself.
Json own_view(const User& user);

}  // namespace cardea::auth
