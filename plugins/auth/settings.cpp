#include "plugins/auth/settings.hpp"

#include <stdexcept>

#include <cardea/sdk/rest.hpp>

namespace cardea::auth {

namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kDay = 86'400;

void add_limit(Settings& settings, const char* name, const Json& section, const char* key,
               bool per_account = false) {
  const auto limit = sdk::rest_limit(name, section[key].as_text(), per_account);
  if (!limit) {
    throw std::runtime_error(std::string("[auth] ") + key + ": wants a text such as 20/15m, or 0");
  }
  settings.limits.push_back(*limit);
}

void read_limits(Settings& settings, const Json& auth) {
  add_limit(settings, "login", auth, "limit_login");
  add_limit(settings, "register", auth, "limit_register");
  add_limit(settings, "refresh", auth, "limit_refresh");
  add_limit(settings, "logout", auth, "limit_logout");
  add_limit(settings, "forgot", auth, "limit_forgot");
  add_limit(settings, "guest", auth, "limit_guest");
  add_limit(settings, "oauth", auth, "limit_oauth");
  add_limit(settings, "code", auth, "limit_code");
  add_limit(settings, "name", auth, "limit_name");
}

}  // namespace

Settings read_settings(const Json& config) {
  const Json auth = config["auth"];
  Settings out;
  out.names.longest = auth["username_max"].as_uint();
  const Json reserved = auth["reserved_names"];
  for (std::size_t i = 0; i < reserved.size(); ++i) {
    out.names.reserved.push_back(reserved.at(i).text_or());
  }
  out.passwords.shortest = auth["password_min"].as_uint();
  out.passwords.mixed = auth["password_policy"].as_text() == "mixed";
  out.hashing = {{static_cast<std::uint32_t>(auth["argon2_memory"].as_uint()),
                  static_cast<std::uint32_t>(auth["argon2_passes"].as_uint())},
                 auth["argon2_threads"].as_uint(),
                 auth["argon2_queue"].as_uint(),
                 std::chrono::seconds(auth["argon2_wait"].as_int())};
  out.jwt_secret = auth["jwt_secret"].text_or();
  out.jwt_previous_secret = auth["jwt_previous_secret"].text_or();
  out.issuer = auth["issuer"].text_or();
  out.audience = auth["audience"].text_or();
  out.access_ttl = auth["access_ttl_minutes"].as_int() * kMinute;
  out.refresh_ttl = auth["refresh_ttl_days"].as_int() * kDay;
  out.reuse_revokes_all = auth["reuse_revokes"].as_text() == "all";
  out.sessions_per_user = auth["sessions_per_user"].as_int();
  out.guests = auth["guests"].as_bool();
  out.guest_ttl = auth["guest_ttl_hours"].as_int() * 3600;
  out.reset_ttl = auth["reset_ttl_minutes"].as_int() * kMinute;
  out.verify_ttl = auth["verify_ttl_days"].as_int() * kDay;
  out.link_url = auth["link_url"].text_or();
  out.failures_per_hour = auth["failures_per_hour"].as_int();
  out.teams = config["teams"]["enabled"].as_bool();
  out.node_proof = config["p2p"]["proof_of_possession"].as_bool();
  read_limits(out, auth);
  return out;
}

}  // namespace cardea::auth
