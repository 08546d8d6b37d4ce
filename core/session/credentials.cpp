#include "core/session/credentials.hpp"

#include <algorithm>
#include <ctime>

#include <cardea/sdk/text.hpp>

#include "core/session/errors.hpp"
#include "core/session/signed_token.hpp"

namespace cardea::session {
namespace {

bool token_names(const Settings& settings, std::string_view token, const FeatureInfo& feature) {
  const auto named = [&](std::string_view name) {
    return token_is_valid(settings, token, kCoreRealm, name);
  };
  return named(feature.id) || std::any_of(feature.aliases.begin(), feature.aliases.end(), named);
}

bool known(const Context& context, std::string_view token) {
  const Settings& settings = context.settings;
  if (!settings.token_auth || token.empty()) {
    return false;
  }
  return settings.token_secret.empty() ? context.tokens.find(token) != nullptr
                                       : token_is_valid(settings, token, kCoreRealm, {});
}

// Guests and bearers of room tokens are anonymous here: the one may be anybody, the others may
// enter one room, and only its feature knows which handle that is.
bool has_account(const Context& context, std::string_view token) {
  cardea_principal_t who{};
  who.size = sizeof who;
  return !token.empty() && context.identity != nullptr &&
         context.identity->resolve(context.identity->instance, {token.data(), token.size()},
                                   &who) == 0 &&
         who.rank >= CARDEA_RANK_USER;
}

}  // namespace

Credentials credentials_of(const Json& message) {
  return {message["apisecret"].text_or(), message["token"].text_or()};
}

Result<Principal> authenticate(const Context& context, const Credentials& credentials) {
  const std::string& secret = context.settings.api_secret;
  if (secret.empty() && !context.settings.token_auth) {
    return has_account(context, credentials.token) ? Principal{Principal::Kind::Person}
                                                   : Principal{};
  }
  if (known(context, credentials.token)) {
    return Principal{Principal::Kind::Token};
  }
  if (!secret.empty() && same_secret(secret, credentials.apisecret)) {
    return Principal{Principal::Kind::Secret};
  }
  return Error{"Unauthorized request (wrong or missing secret/token)", kErrorUnauthorized};
}

Result<void> may_attach(const Context& context, const Credentials& credentials,
                        const FeaturePort& feature, const std::string& name) {
  const Settings& settings = context.settings;
  if (!settings.token_auth || credentials.token.empty()) {
    return {};
  }
  const FeatureInfo& info = feature.info();
  const TokenScope* scope = context.tokens.find(credentials.token);
  const bool allowed = settings.token_secret.empty()
                           ? scope != nullptr && (!*scope || (*scope)->contains(info.id))
                           : token_names(settings, credentials.token, info);
  if (allowed) {
    return {};
  }
  return Error{"Provided token can't access plugin '" + sdk::echoed(name) + "'",
               kErrorUnauthorizedPlugin};
}

bool token_is_valid(const Settings& settings, std::string_view token, std::string_view realm,
                    std::string_view word) {
  return valid_signed_token(settings.token_secret, token, realm, word, std::time(nullptr));
}

}  // namespace cardea::session
