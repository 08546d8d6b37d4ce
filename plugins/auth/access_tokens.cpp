#include "plugins/auth/access_tokens.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "plugins/auth/crypto.hpp"
#include "plugins/auth/jwt.hpp"
#include "plugins/auth/usernames.hpp"

namespace cardea::auth {

namespace {

constexpr std::size_t kShortestSecret = 32;
constexpr std::array kRanks{"", "guest", "user", "moderator", "admin"};

// What stands in guides and examples.
bool is_sample(std::string_view secret) {
  constexpr std::array<std::string_view, 9> kSamples{"changeme",    "change-me",   "change_me",
                                                     "change_this", "change-this", "your-secret",
                                                     "your_secret", "replace",     "example"};
  const std::string text = folded(secret);
  const bool known = std::any_of(kSamples.begin(), kSamples.end(), [&](std::string_view sample) {
    return text.find(sample) != std::string::npos;
  });
  return known || text.find_first_not_of(text.front()) == std::string::npos;
}

std::string checked(const std::string& secret) {
  if (secret.size() < kShortestSecret || is_sample(secret)) {
    throw std::runtime_error(
        "[auth] jwt_secret: wants at least 32 characters that are no sample; leave it unset and "
        "one "
        "is made");
  }
  return secret;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// For its owner only, and whole or not at all.
void write_secret_file(const std::filesystem::path& path, const std::string& secret) {
  const std::filesystem::path draft = path.string() + "." + random_token(6);
  const int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written =
      file >= 0 &&
      write(file, secret.data(), secret.size()) == static_cast<ssize_t>(secret.size()) &&
      fsync(file) == 0;
  if (file >= 0) {
    close(file);
  }
  // A link fails where another server on this folder was first: then its secret counts.
  const bool placed = written && (link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
  unlink(draft.c_str());
  if (!placed) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

}  // namespace

AccessTokens::AccessTokens(Settings settings) : settings_(std::move(settings)) {
  for (const std::string& secret : settings_.secrets) {
    keys_.push_back({sha256_hex("key id of " + secret).substr(0, 12), secret});
  }
}

std::string AccessTokens::issue(const Access& access, std::int64_t now, std::int64_t ttl) const {
  const Json claims = Json::object({{"sub", access.user},
                                    {"name", access.name},
                                    {"role", kRanks.at(static_cast<std::size_t>(access.rank))},
                                    {"sid", access.session},
                                    {"gen", access.generation},
                                    {"jti", access.token.empty() ? random_uuid() : access.token},
                                    {"iss", settings_.issuer},
                                    {"aud", settings_.audience},
                                    {"iat", now},
                                    {"nbf", now},
                                    {"exp", now + ttl},
                                    {"type", "access"}});
  return jwt::sign(claims, keys_.front().secret, keys_.front().id);
}

Result<Access> AccessTokens::read(std::string_view token, std::int64_t now) const {
  const auto parts = jwt::take_apart(token);
  if (!parts) {
    return parts.error();
  }
  const auto key = std::find_if(keys_.begin(), keys_.end(),
                                [&](const Key& one) { return one.id == parts->key_id; });
  if (key == keys_.end() || !jwt::signed_by(*parts, key->secret)) {
    return Error{"no key of this server has signed the token"};
  }
  const Json& claims = parts->claims;
  if (auto timely = jwt::check_times(claims, now); !timely) {
    return timely.error();
  }
  const auto rank = std::find(kRanks.begin() + 1, kRanks.end(), claims["role"].as_text());
  if (claims["iss"].as_text() != settings_.issuer ||
      claims["aud"].as_text() != settings_.audience || claims["type"].as_text() != "access" ||
      claims["sub"].as_text().empty() || claims["jti"].as_text().empty() ||
      claims["sid"].as_text().empty() || !claims["gen"].is_integer() || !claims["iat"] ||
      !claims["nbf"] || rank == kRanks.end()) {
    return Error{"the token is not an access token of this server"};
  }
  return Access{claims["sub"].text_or(),
                claims["name"].text_or(),
                static_cast<cardea_rank_t>(rank - kRanks.begin()),
                claims["sid"].text_or(),
                claims["gen"].as_int(),
                claims["jti"].text_or(),
                claims["exp"].as_int()};
}

std::string signing_secret(const std::string& given, const std::string& folder) {
  if (!given.empty()) {
    return checked(given);
  }
  const std::filesystem::path path = std::filesystem::path(folder) / "auth" / "jwt_secret";
  std::string secret = read_file(path);
  if (secret.empty()) {
    std::filesystem::create_directories(path.parent_path());
    write_secret_file(path, random_token(48));
    secret = read_file(path);
  }
  return checked(secret);
}

}  // namespace cardea::auth
