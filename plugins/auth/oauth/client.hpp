// Our side of the conversation with a provider: where browsers are sent, and who somebody is for a
// code that they came back with.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

#include "plugins/auth/oauth/provider.hpp"

namespace cardea::auth::oauth {

/// What the provider publishes about itself, as texts that may change threads.
struct Known {
  std::string discovery;  ///< JSON; empty: not fetched yet
  std::string keys;       ///< JSON Web Key Set; empty: not fetched yet
  std::int64_t fetched = 0;
};

/// What one login keeps to itself until the browser is back.
struct Secrets {
  std::string verifier;  ///< PKCE (RFC 7636)
  std::string nonce;
};

struct External {
  std::string subject;
  std::string email;  ///< empty: none that the provider has verified
  std::string name;   ///< for people
  std::string login;  ///< a user name there, or what could be one
};

/// Errors with this code are the provider's or the network's fault, others are refusals.
inline constexpr int kUnreachable = 502;

class Client {
 public:
  /// @param stop ends requests under way.
  Client(const Provider& provider, std::int64_t now, const std::atomic<bool>& stop)
      : provider_(provider), now_(now), stop_(stop) {}

  /// [work] Fetches what is needed for the two below and is not known or is old.
  Result<void> learn(Known& known) const;

  /// The URL of the provider's page.
  [[nodiscard]] Result<std::string> authorize_url(const Known& known, const Secrets& secrets,
                                                  const std::string& state,
                                                  const std::string& redirect_uri) const;

  /// Whether "iss" of an answer (RFC 9207) is as it should be. @param given empty: none.
  [[nodiscard]] bool issuer_fits(const Known& known, const std::string& given) const;

  /// [work] May fetch the keys anew.
  Result<External> identify(Known& known, const Secrets& secrets, const std::string& code,
                            const std::string& redirect_uri) const;

 private:
  Result<External> identify_by_token(Known& known, const Secrets& secrets,
                                     const Json& tokens) const;
  Result<Json> read_claims(Known& known, const Secrets& secrets, const std::string& id_token) const;
  [[nodiscard]] Result<Json> userinfo(const Known& known, const Json& claims,
                                      const std::string& access_token) const;
  [[nodiscard]] Result<External> identify_at_github(const std::string& access_token) const;
  [[nodiscard]] Result<Json> fetch(const std::string& url, const std::string& bearer = {}) const;
  Result<void> fetch_keys(Known& known) const;
  [[nodiscard]] std::string endpoint(const Known& known, const std::string& configured,
                                     const char* member) const;

  const Provider& provider_;
  std::int64_t now_;  ///< seconds since 1970
  const std::atomic<bool>& stop_;
};

}  // namespace cardea::auth::oauth
