// Configuration of logins with other providers.
#pragma once

#include <array>
#include <string>
#include <vector>

#include <cardea/sdk/config.hpp>
#include <cardea/sdk/json.hpp>

#include "plugins/auth/oauth/provider.hpp"

namespace cardea::auth::oauth {

struct Settings {
  std::string success_url = "/login";
  bool token_in_redirect = false;
  bool link_by_email = false;
  std::vector<std::string> native_redirects;
  std::vector<Provider> providers;
};

/// Keys of one provider; a section's name, or a family of them.
constexpr std::array<cardea_config_key_t, 12> provider_keys(const char* section) {
  namespace config = sdk::config;
  return {
      config::text(section, "client_id", nullptr, 512, "as the provider gave it; unset: off"),
      config::secret(section, "client_secret", 1024, "as the provider gave it; unset: off"),
      config::text(section, "title", nullptr, 64, "name for people"),
      config::text(section, "issuer", nullptr, 512, "URL that tokens have as iss"),
      config::text(section, "authorize_url", nullptr, 512, "page for logins; unset: by discovery"),
      config::text(section, "token_url", nullptr, 512, "tokens for codes; unset: by discovery"),
      config::text(section, "keys_url", nullptr, 512, "JSON Web Key Set; unset: by discovery"),
      config::text(section, "userinfo_url", nullptr, 512,
                   "claims that tokens lack; unset: by discovery"),
      config::text(section, "api_url", nullptr, 512, "GitHub only: before /user"),
      config::text(section, "scopes", nullptr, 512, "separated by spaces"),
      config::text(section, "callback_path", nullptr, 256, "path of ours as registered there"),
      config::list(section, "hosts", "", "more hosts that the provider's URLs may have"),
  };
}

inline constexpr std::array kGeneralKeys{
    sdk::config::text("oauth", "success_url", "/login", 512, "where browsers go after a login"),
    sdk::config::boolean("oauth", "token_in_redirect", "no",
                         "whether the tokens themselves go there, not a code for them"),
    cardea_config_key_t{"oauth", "link_by_email", CARDEA_CONFIG_ENUM, "signed_in", 0, 0,
                        "signed_in|auto",
                        "auto: an account with the same verified address is taken"},
    sdk::config::list("oauth", "native_redirects", "",
                      "where programs may be told the code; a loopback address without port has "
                      "any"),
};

/// Throws what stops the start.
Settings read_settings(const Json& config);

}  // namespace cardea::auth::oauth
