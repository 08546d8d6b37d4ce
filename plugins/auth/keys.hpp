// The configuration keys of the module.
#pragma once

#include <algorithm>
#include <array>

#include <cardea/sdk/config.hpp>

#include "plugins/auth/oauth/settings.hpp"

namespace cardea::auth::keys {

using namespace sdk::config;  // NOLINT(google-build-using-namespace): the words of this table

constexpr cardea_config_key_t choice(const char* key, const char* default_value, const char* values,
                                     const char* help) {
  return {"auth", key, CARDEA_CONFIG_ENUM, default_value, 0, 0, values, help};
}
constexpr cardea_config_key_t limit(const char* key, const char* default_value, const char* help) {
  return text("auth", key, default_value, 32, help);
}

inline constexpr std::array kAll{
    secret("auth", "jwt_secret", 1024,
           "signs access tokens; unset: made and kept in the data folder"),
    secret("auth", "jwt_previous_secret", 1024, "tokens that it signed are still accepted"),
    text("auth", "issuer", "cardea", 256, "iss of access tokens"),
    text("auth", "audience", "cardea", 256, "aud of access tokens"),
    integer("auth", "access_ttl_minutes", "30", 5, 525'600, "life of an access token"),
    integer("auth", "refresh_ttl_days", "30", 1, 3650, "life of a refresh token"),
    choice("reuse_revokes", "family", "family|all", "what a used refresh token ends"),
    integer("auth", "sessions_per_user", "50", 1, 10'000, "logins of one account at once"),
    integer("auth", "username_max", "32", 3, 64, "characters of a user name"),
    list("auth", "reserved_names",
         "admin,administrator,root,system,support,moderator,api,auth,login,logout,register,signup,"
         "settings,profile,rooms,room,users,user,me,guest,invite,invites,help,about,docs,static,"
         "assets,health,metrics,janus,whip,ws,null,undefined",
         "user names that nobody gets"),
    integer("auth", "password_min", "8", 6, 64, "characters of a password"),
    choice("password_policy", "length", "length|mixed", "mixed: letters of both cases and another"),
    boolean("auth", "guests", "yes", "whether one can come without an account"),
    integer("auth", "guest_ttl_hours", "24", 1, 720, "life of a guest's token"),
    integer("auth", "reset_ttl_minutes", "30", 5, 10'080, "life of a link for a new password"),
    integer("auth", "verify_ttl_days", "7", 1, 90, "life of a link that proves an address"),
    text("auth", "link_url", "", 256, "where links in mails lead; empty: mails hold the bare code"),
    integer("auth", "argon2_memory", "19456", 64, 4'194'304, "KiB of one hash"),
    integer("auth", "argon2_passes", "2", 1, 100, "passes of one hash"),
    integer("auth", "argon2_threads", "0", 0, 256, "hashes at once; 0: processors less one"),
    integer("auth", "argon2_queue", "256", 1, 100'000, "hashes that may wait"),
    integer("auth", "argon2_wait", "10", 1, 25, "seconds that one waits for its turn"),
    integer("auth", "failures_per_hour", "100", 5, 100'000, "wrong passwords of one account"),
    limit("limit_login", "20/15m", "logins of one address"),
    limit("limit_register", "5/h", "registrations of one address"),
    limit("limit_refresh", "10/m", "refreshes of one address"),
    limit("limit_logout", "5/m", "logouts and deletions of one address"),
    limit("limit_forgot", "5/h", "forgotten passwords of one address"),
    limit("limit_guest", "20/h", "guests of one address"),
    limit("limit_name", "20/m", "changes of names by one address"),
    limit("limit_oauth", "5/m", "logins with a provider that one address begins"),
    limit("limit_code", "20/15m", "attempts of one address with a code or a link"),
    boolean("p2p", "proof_of_possession", "yes",
            "whether a node has to sign to be tied to an account"),
    boolean("teams", "enabled", "no", "whether each account belongs to a team"),
};

template <std::size_t... Sizes>
constexpr auto join(const std::array<cardea_config_key_t, Sizes>&... tables) {
  std::array<cardea_config_key_t, (Sizes + ...)> all{};
  auto* end = all.data();
  ((end = std::copy(tables.begin(), tables.end(), end)), ...);
  return all;
}

/// With those of other providers.
inline constexpr auto kEvery =
    join(kAll, oauth::kGeneralKeys, oauth::provider_keys("oauth.google"),
         oauth::provider_keys("oauth.github"), oauth::provider_keys("oauth.slack"),
         oauth::provider_keys("oidc-*"));

}  // namespace cardea::auth::keys
