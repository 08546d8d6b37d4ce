#include "plugins/auth/logins.hpp"

#include <algorithm>
#include <chrono>

#include "plugins/auth/crypto.hpp"
#include "plugins/auth/jwt.hpp"

namespace cardea::auth {

namespace {

constexpr std::size_t kRefreshBytes = 48;
constexpr std::size_t kDeviceName = 64;

// The two words that tell people's devices apart, from a User-Agent.
std::string device_from(std::string_view agent) {
  struct Word {
    std::string_view mark;
    const char* name;
  };
  constexpr Word kPrograms[] = {
      {"Edg/", "Edge"},      {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"},
      {"Safari/", "Safari"}, {"curl/", "curl"}, {"node", "Node"}};
  constexpr Word kSystems[] = {{"Android", "Android"}, {"iPhone", "iPhone"},  {"iPad", "iPad"},
                               {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"},
                               {"Linux", "Linux"}};
  const auto find = [&](const auto& words) -> std::string {
    for (const Word& word : words) {
      if (agent.find(word.mark) != agent.npos) {
        return word.name;
      }
    }
    return {};
  };
  const std::string program = find(kPrograms);
  const std::string system = find(kSystems);
  if (program.empty() && system.empty()) {
    return "Unknown device";
  }
  return program.empty() ? system : system.empty() ? program : program + " on " + system;
}

}  // namespace

std::string masked_address(std::string_view address) {
  const bool v6 = address.find(':') != address.npos;
  const char separator = v6 ? ':' : '.';
  std::size_t at = 0;
  for (int parts = 0; parts < 3; ++parts) {
    const std::size_t next = address.find(separator, at);
    if (next == address.npos) {
      return "*";
    }
    at = next + 1;
  }
  return std::string(address.substr(0, at)) + "*";
}

Device device_of(const sdk::RestCall& call) {
  std::string name = trimmed(call["device_name"].as_text());
  if (check_display_name(name)) {
    name = device_from(call.header("user-agent"));
  }
  name.resize(std::min(name.size(), kDeviceName * 4));
  return {std::move(name), masked_address(call.remote_address())};
}

std::int64_t wall_clock() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since_1970).count();
}

std::int64_t Logins::last_expiry(std::int64_t now) const {
  return now + std::max(settings_.access_ttl, settings_.guest_ttl) + 2 * jwt::kSkew;
}

std::string Logins::add_refresh(sdk::Transaction& transaction, std::string_view session,
                                std::int64_t now) const {
  std::string token = random_token(kRefreshBytes);
  login_sessions::add_refresh(transaction, sha256_hex(token), session, now + settings_.refresh_ttl);
  return token;
}

Login Logins::begin(sdk::Transaction& transaction, const User& user, const Device& device) const {
  const std::int64_t now = wall_clock();
  Login login;
  login.user = user;
  const auto open = login_sessions::of_user(transaction, user.id, now);
  for (auto i = static_cast<std::size_t>(settings_.sessions_per_user) - 1; i < open.size(); ++i) {
    end(transaction, open[i].id, login.ended);
  }
  login.session = random_uuid();
  login_sessions::insert(transaction, {login.session, user.id, device.name, device.ip_masked, now,
                                       now, now + settings_.refresh_ttl});
  login.refresh_token = add_refresh(transaction, login.session, now);
  users::set_seen(transaction, user.id, now);
  return login;
}

Logins::Refreshed Logins::refresh(sdk::Transaction& transaction, std::string_view token,
                                  Login& out) const {
  const std::int64_t now = wall_clock();
  const std::string hash = sha256_hex(token);
  const auto found = login_sessions::find_refresh(transaction, hash);
  if (!found.known || found.expires_at <= now) {
    return Refreshed::Unknown;
  }
  if (found.used || !login_sessions::use_refresh(transaction, hash, now)) {
    if (settings_.reuse_revokes_all) {
      end_all(transaction, found.user, {}, out.ended);
    } else {
      end(transaction, found.session, out.ended);
    }
    return Refreshed::Reused;
  }
  const auto user = users::by_id(transaction, found.user);
  if (!user || user->disabled) {
    return Refreshed::Unknown;
  }
  out.user = *user;
  out.session = found.session;
  out.refresh_token = add_refresh(transaction, found.session, now);
  login_sessions::set_activity(transaction, found.session, now, now + settings_.refresh_ttl);
  users::set_seen(transaction, user->id, now);
  return Refreshed::Yes;
}

void Logins::end(sdk::Transaction& transaction, std::string_view session,
                 std::vector<Revocation>& ended) const {
  const std::int64_t now = wall_clock();
  login_sessions::remove(transaction, session);
  ended.push_back({Revocation::Kind::Session, std::string(session), 0, last_expiry(now)});
  login_sessions::add_revocation(transaction, ended.back());
}

void Logins::end_all(sdk::Transaction& transaction, std::string_view user, std::string_view except,
                     std::vector<Revocation>& ended) const {
  for (const auto& session : login_sessions::of_user(transaction, user, 0)) {
    if (session.id != except) {
      end(transaction, session.id, ended);
    }
  }
}

void Logins::outdate(sdk::Transaction& transaction, std::string_view user,
                     std::vector<Revocation>& ended) const {
  const std::int64_t generation = users::next_generation(transaction, user);
  ended.push_back(
      {Revocation::Kind::User, std::string(user), generation, last_expiry(wall_clock())});
  login_sessions::add_revocation(transaction, ended.back());
}

}  // namespace cardea::auth
