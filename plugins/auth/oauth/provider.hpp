// Who else can say who somebody is: one configured provider of OAuth 2.0 or OpenID Connect.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cardea::auth::oauth {

struct Provider {
  enum class Kind { OpenId, GitHub };

  Kind kind = Kind::OpenId;
  std::string name;   ///< in paths: "google"
  std::string title;  ///< for people: "Google"
  std::string client_id;
  std::string client_secret;
  std::string issuer;         ///< what "iss" has to be
  std::string authorize_url;  ///< this and the next three: empty means by discovery
  std::string token_url;
  std::string keys_url;
  std::string userinfo_url;
  std::string api_url;  ///< GitHub: before "/user"
  std::string scopes;
  std::string callback_path;       ///< of ours, as it is registered there
  std::vector<std::string> hosts;  ///< more of the provider's hosts than those of its URLs

  /// Without id and secret it is off.
  [[nodiscard]] bool enabled() const { return !client_id.empty() && !client_secret.empty(); }
  /// Requests go to the configured hosts only, and to https unless the issuer itself is http.
  [[nodiscard]] bool may_reach(const std::string& url) const;
};

/// Scheme and host in lower case, with the port where it is not the scheme's own; empty when the
/// text is no http or https URL.
struct Place {
  std::string scheme;
  std::string host;
};
Place place_of(const std::string& url);

}  // namespace cardea::auth::oauth
