#include "plugins/auth/oauth/provider.hpp"

#include <algorithm>
#include <cctype>
#include <memory>

#include <curl/curl.h>

namespace cardea::auth::oauth {

namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) {
    return {};
  }
  std::string out(text);
  curl_free(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

Place place_of(const std::string& url) {
  const Url parsed(curl_url(), curl_url_cleanup);
  if (parsed == nullptr || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return {};
  }
  Place out{part(parsed.get(), CURLUPART_SCHEME), part(parsed.get(), CURLUPART_HOST)};
  // Names in a URL would go to the provider as a login.
  if ((out.scheme != "http" && out.scheme != "https") || out.host.empty() ||
      !part(parsed.get(), CURLUPART_USER).empty()) {
    return {};
  }
  const std::string port = part(parsed.get(), CURLUPART_PORT);
  const char* usual = out.scheme == "https" ? "443" : "80";
  if (!port.empty() && port != usual) {
    out.host += ":" + port;
  }
  return out;
}

bool Provider::may_reach(const std::string& url) const {
  const Place there = place_of(url);
  const bool safe = there.scheme == "https" || place_of(issuer).scheme == "http";
  if (there.host.empty() || !safe) {
    return false;
  }
  const std::string* known[] = {&issuer,   &authorize_url, &token_url,
                                &keys_url, &userinfo_url,  &api_url};
  return std::any_of(std::begin(known), std::end(known),
                     [&](const std::string* one) { return place_of(*one).host == there.host; }) ||
         std::find(hosts.begin(), hosts.end(), there.host) != hosts.end();
}

}  // namespace cardea::auth::oauth
