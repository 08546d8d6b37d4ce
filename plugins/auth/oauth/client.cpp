#include "plugins/auth/oauth/client.hpp"

#include "plugins/auth/oauth/fetch.hpp"
#include "plugins/auth/oauth/id_token.hpp"
#include "plugins/auth/oauth/pkce.hpp"

namespace cardea::auth::oauth {

namespace {

constexpr std::int64_t kFresh = 3600;  // seconds for which what a provider publishes is believed

Json parsed(const std::string& text) {
  auto json = Json::parse(text);
  return json ? *std::move(json) : Json();
}

// The address that is verified: the primary one before the others.
std::string verified_address(const Json& list) {
  std::string found;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Json one = list.at(i);
    if (!one["verified"].as_bool()) {
      continue;
    }
    if (one["primary"].as_bool()) {
      return one["email"].text_or();
    }
    found = found.empty() ? one["email"].text_or() : found;
  }
  return found;
}

Error unreachable(const Error& error) { return {error.message, kUnreachable}; }

}  // namespace

std::string Client::endpoint(const Known& known, const std::string& configured,
                             const char* member) const {
  return configured.empty() ? parsed(known.discovery)[member].text_or() : configured;
}

Result<void> Client::learn(Known& known) const {
  if (provider_.kind == Provider::Kind::GitHub ||
      (!known.keys.empty() && known.fetched + kFresh > now_)) {
    return {};
  }
  std::string base = provider_.issuer;
  while (base.ends_with('/')) {
    base.pop_back();
  }
  const bool all_given = !provider_.authorize_url.empty() && !provider_.token_url.empty() &&
                         !provider_.keys_url.empty();
  Known fresh;
  fresh.fetched = now_;
  if (!all_given) {
    const auto found = fetch(base + "/.well-known/openid-configuration");
    if (!found) {
      return unreachable(found.error());
    }
    if ((*found)["issuer"].as_text() != provider_.issuer) {
      return Error{"the discovery document is of another issuer", kUnreachable};
    }
    fresh.discovery = found->dump();
  }
  if (auto fetched = fetch_keys(fresh); !fetched) {
    return fetched;
  }
  known = fresh;
  return {};
}

Result<Json> Client::fetch(const std::string& url, const std::string& bearer) const {
  return fetch_json(provider_, {url, {}, bearer}, stop_);
}

Result<void> Client::fetch_keys(Known& known) const {
  const auto keys = fetch(endpoint(known, provider_.keys_url, "jwks_uri"));
  if (!keys) {
    return unreachable(keys.error());
  }
  known.keys = keys->dump();
  return {};
}

Result<std::string> Client::authorize_url(const Known& known, const Secrets& secrets,
                                          const std::string& state,
                                          const std::string& redirect_uri) const {
  const std::string page = endpoint(known, provider_.authorize_url, "authorization_endpoint");
  if (!provider_.may_reach(page)) {
    return Error{"the page for logins is on none of the provider's hosts", kUnreachable};
  }
  Fields fields{{"response_type", "code"},
                {"client_id", provider_.client_id},
                {"redirect_uri", redirect_uri},
                {"scope", provider_.scopes},
                {"state", state},
                {"code_challenge", pkce_challenge(secrets.verifier)},
                {"code_challenge_method", "S256"}};
  if (provider_.kind == Provider::Kind::OpenId) {
    fields.emplace_back("nonce", secrets.nonce);
  }
  return page + (page.find('?') == std::string::npos ? "?" : "&") + form_of(fields);
}

bool Client::issuer_fits(const Known& known, const std::string& given) const {
  if (!given.empty()) {
    return given == provider_.issuer;
  }
  const Json announced = parsed(known.discovery)["authorization_response_iss_parameter_supported"];
  return !announced.as_bool();
}

Result<External> Client::identify(Known& known, const Secrets& secrets, const std::string& code,
                                  const std::string& redirect_uri) const {
  const auto answer = fetch_json(provider_,
                                 {endpoint(known, provider_.token_url, "token_endpoint"),
                                  {{"grant_type", "authorization_code"},
                                   {"code", code},
                                   {"redirect_uri", redirect_uri},
                                   {"client_id", provider_.client_id},
                                   {"client_secret", provider_.client_secret},
                                   {"code_verifier", secrets.verifier}},
                                  {}},
                                 stop_);
  if (!answer && (answer.error().code == 400 || answer.error().code == 401)) {
    return Error{"the provider refuses the code: " + answer.error().message};
  }
  if (!answer) {
    return unreachable(answer.error());
  }
  // GitHub and Slack say so with 200.
  if (answer->has("error") || !(*answer)["ok"].as_bool(true)) {
    return Error{"the provider refuses the code"};
  }
  return provider_.kind == Provider::Kind::GitHub
             ? identify_at_github((*answer)["access_token"].text_or())
             : identify_by_token(known, secrets, *answer);
}

Result<Json> Client::read_claims(Known& known, const Secrets& secrets,
                                 const std::string& id_token) const {
  const Expected expected{provider_.issuer, provider_.client_id, secrets.nonce, now_};
  bool unknown_key = false;
  auto claims = read_id_token(id_token, parsed(known.keys), expected, unknown_key);
  if (!claims && unknown_key && fetch_keys(known)) {
    claims = read_id_token(id_token, parsed(known.keys), expected, unknown_key);
  }
  return claims;
}

// OpenID Connect Core 5.3: the claims that are not in the token.
Result<Json> Client::userinfo(const Known& known, const Json& claims,
                              const std::string& access_token) const {
  const std::string url = endpoint(known, provider_.userinfo_url, "userinfo_endpoint");
  if (url.empty() || access_token.empty()) {
    return claims;
  }
  auto more = fetch(url, access_token);
  if (!more) {
    return unreachable(more.error());
  }
  if ((*more)["sub"].as_text() != claims["sub"].as_text()) {
    return Error{"the provider tells of somebody else than its token"};
  }
  return more;
}

Result<External> Client::identify_by_token(Known& known, const Secrets& secrets,
                                           const Json& tokens) const {
  auto claims = read_claims(known, secrets, tokens["id_token"].text_or());
  if (claims && !claims->has("email")) {
    claims = userinfo(known, *claims, tokens["access_token"].text_or());
  }
  if (!claims) {
    return claims.error();
  }
  External out;
  out.subject = (*claims)["sub"].text_or();
  out.name = (*claims)["name"].text_or();
  out.login = (*claims)["preferred_username"].text_or();
  // Some providers write the word as a text.
  const Json verified = (*claims)["email_verified"];
  if (verified.as_bool() || verified.as_text() == "true") {
    out.email = (*claims)["email"].text_or();
  }
  return out;
}

Result<External> Client::identify_at_github(const std::string& access_token) const {
  const auto user = fetch(provider_.api_url + "/user", access_token);
  if (!user) {
    return unreachable(user.error());
  }
  const auto addresses = fetch(provider_.api_url + "/user/emails", access_token);
  if (!addresses) {
    return unreachable(addresses.error());
  }
  External out;
  if ((*user)["id"].as_int() <= 0) {
    return Error{"the provider does not say who it is"};
  }
  out.subject = std::to_string((*user)["id"].as_int());
  out.login = (*user)["login"].text_or();
  out.name = (*user)["name"].text_or();
  out.email = verified_address(*addresses);
  return out;
}

}  // namespace cardea::auth::oauth
