#include "plugins/auth/oauth/settings.hpp"

#include <stdexcept>

namespace cardea::auth::oauth {

namespace {

constexpr std::string_view kFamily = "oidc-";

Provider google() {
  Provider out;
  out.title = "Google";
  out.issuer = "https://accounts.google.com";
  out.scopes = "openid email profile";
  out.hosts = {"oauth2.googleapis.com", "www.googleapis.com", "openidconnect.googleapis.com"};
  return out;
}

Provider github() {
  Provider out;
  out.kind = Provider::Kind::GitHub;
  out.title = "GitHub";
  out.issuer = "https://github.com/login/oauth";
  out.authorize_url = "https://github.com/login/oauth/authorize";
  out.token_url = "https://github.com/login/oauth/access_token";
  out.api_url = "https://api.github.com";
  out.scopes = "user:email read:user";
  return out;
}

Provider slack() {
  Provider out;
  out.title = "Slack";
  out.issuer = "https://slack.com";
  out.scopes = "openid email profile";
  return out;
}

void take(const Json& section, const char* key, std::string& out) {
  if (section.has(key)) {
    out = section[key].text_or();
  }
}

// Only paths that are served, so that nobody comes back to nothing.
void check_path(const std::string& section, const Provider& provider) {
  const std::string& path = provider.callback_path;
  if (path != "/api/v1/auth/" + provider.name + "/callback" &&
      path != "/auth/" + provider.name + "/callback" &&
      path != "/api/auth/social/" + provider.name + "/callback") {
    throw std::runtime_error("[" + section + "] callback_path: wants /api/v1/auth/" +
                             provider.name + "/callback, /auth/" + provider.name +
                             "/callback or /api/auth/social/" + provider.name + "/callback");
  }
}

void check_urls(const std::string& section, const Provider& provider) {
  const auto check = [&](const char* key, const std::string& url) {
    if (!url.empty() && !provider.may_reach(url)) {
      throw std::runtime_error("[" + section + "] " + key + ": wants an https:// URL");
    }
  };
  if (provider.enabled() && place_of(provider.issuer).host.empty()) {
    throw std::runtime_error("[" + section + "] issuer: wants an https:// URL");
  }
  check("authorize_url", provider.authorize_url);
  check("token_url", provider.token_url);
  check("keys_url", provider.keys_url);
  check("userinfo_url", provider.userinfo_url);
  check("api_url", provider.api_url);
}

Provider read_provider(const std::string& section_name, const Json& section, std::string name,
                       Provider out) {
  out.name = std::move(name);
  out.title = out.title.empty() ? out.name : out.title;
  out.callback_path = "/api/v1/auth/" + out.name + "/callback";
  take(section, "client_id", out.client_id);
  take(section, "client_secret", out.client_secret);
  take(section, "title", out.title);
  take(section, "issuer", out.issuer);
  take(section, "authorize_url", out.authorize_url);
  take(section, "token_url", out.token_url);
  take(section, "keys_url", out.keys_url);
  take(section, "userinfo_url", out.userinfo_url);
  take(section, "api_url", out.api_url);
  take(section, "scopes", out.scopes);
  take(section, "callback_path", out.callback_path);
  const Json hosts = section["hosts"];
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    out.hosts.push_back(hosts.at(i).text_or());
  }
  check_path(section_name, out);
  check_urls(section_name, out);
  return out;
}

}  // namespace

Settings read_settings(const Json& config) {
  const Json general = config["oauth"];
  Settings out;
  out.success_url = general["success_url"].text_or();
  out.token_in_redirect = general["token_in_redirect"].as_bool();
  out.link_by_email = general["link_by_email"].as_text() == "auto";
  const Json redirects = general["native_redirects"];
  for (std::size_t i = 0; i < redirects.size(); ++i) {
    out.native_redirects.push_back(redirects.at(i).text_or());
  }
  out.providers.push_back(
      read_provider("oauth.google", config["oauth.google"], "google", google()));
  out.providers.push_back(
      read_provider("oauth.github", config["oauth.github"], "github", github()));
  out.providers.push_back(read_provider("oauth.slack", config["oauth.slack"], "slack", slack()));
  config.for_each_member([&](std::string_view section, const Json& keys) {
    if (section.starts_with(kFamily)) {
      Provider plain;
      plain.scopes = "openid email profile";
      out.providers.push_back(read_provider(std::string(section), keys,
                                            std::string(section.substr(kFamily.size())), plain));
    }
  });
  return out;
}

}  // namespace cardea::auth::oauth
