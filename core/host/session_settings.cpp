#include "core/host/session_settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

#include "core/base/address.hpp"
#include "core/host/version.hpp"

namespace cardea::host {

namespace {

// "ws://[::1]:8188" -> "::1"
std::string host_of(const std::string& url) {
  auto begin = url.find("://");
  begin = begin == std::string::npos ? 0 : begin + 3;
  if (begin < url.size() && url[begin] == '[') {
    const auto end = url.find(']', begin);
    return url.substr(begin + 1, end - begin - 1);
  }
  return url.substr(begin, url.find_first_of(":/", begin) - begin);
}

bool is_yes(std::string_view word) {
  return word == "yes" || word == "true" || word == "on" || word == "1";
}

std::size_t count(const config::Config& config, const char* key) {
  return static_cast<std::size_t>(config.integer("limits", key));
}

}  // namespace

session::Settings session_settings(const config::Config& config) {
  session::Settings settings;
  settings.session_timeout = std::chrono::seconds(config.integer("janus", "session_timeout"));
  settings.reclaim_timeout = std::chrono::seconds(config.integer("janus", "reclaim_timeout"));
  const auto open = config.text("janus", "open");
  settings.janus_open = open == "auto" || is_yes(open);
  settings.api_secret = config.text("api", "secret");
  settings.admin_secret = config.text("admin", "secret");
  settings.token_secret = config.text("api", "token_auth_secret");
  const auto token_auth = config.text("api", "token_auth");
  settings.token_auth = token_auth == "auto" ? !settings.token_secret.empty() : is_yes(token_auth);
  settings.server_name = config.text("janus", "server_name");
  settings.cardea_version = kVersion;
  settings.limits.enabled = config.boolean("limits", "enabled");
  settings.limits.sessions = count(config, "sessions");
  settings.limits.sessions_per_client = count(config, "sessions_per_connection");
  settings.limits.handles_per_session = count(config, "handles_per_session");
  settings.limits.messages_per_second = static_cast<double>(count(config, "messages_per_second"));
  settings.limits.message_burst = static_cast<double>(count(config, "message_burst"));
  settings.limits.event_queue_bytes = count(config, "event_queue_bytes");
  return settings;
}

bool is_weak_secret(std::string_view secret) {
  constexpr std::size_t kLeast = 16;
  constexpr std::array kSamples{"janusoverlord", "changeme", "change-me", "secret",
                                "password",      "example",  "sample",    "supersecret"};
  std::string lower(secret);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return secret.size() < kLeast ||
         std::any_of(kSamples.begin(), kSamples.end(),
                     [&lower](const std::string& sample) { return lower.starts_with(sample); });
}

bool all_loopback(const std::string& addresses) {
  std::istringstream words(addresses);
  std::string url;
  while (words >> url) {
    const auto address = Address::parse(host_of(url), 0);
    if (!address || !address->is_loopback()) {
      return false;
    }
  }
  return true;
}

}  // namespace cardea::host
