#include "plugins/auth/room_tokens.hpp"

#include <algorithm>
#include <array>

#include "plugins/auth/crypto.hpp"
#include "plugins/auth/jwt.hpp"
#include "plugins/auth/logins.hpp"

namespace cardea::auth::room_tokens {

namespace {

constexpr std::size_t kSecretBytes = 32;

ApiKey read_row(const sdk::SqlRow& row) {
  return {std::string(row[0].as_text()), std::string(row[1].as_text()),
          std::string(row[2].as_text()), row[3].as_int()};
}

// A member that is there has its type; unknown ones say nothing to us.
bool are_grants(const Json& video) {
  constexpr std::array kFlags{"roomCreate", "roomList",   "roomRecord",          "roomAdmin",
                              "roomJoin",   "canPublish", "canSubscribe",        "canPublishData",
                              "hidden",     "recorder",   "canUpdateOwnMetadata"};
  const bool flags = std::all_of(kFlags.begin(), kFlags.end(), [&](const char* name) {
    return !video[name] || video[name].is_bool();
  });
  const Json sources = video["canPublishSources"];
  bool texts = !sources || sources.is_array();
  for (std::size_t i = 0; i < sources.size(); ++i) {
    texts = texts && sources.at(i).is_string();
  }
  return video.is_object() && flags && texts && (!video["room"] || video["room"].is_string());
}

}  // namespace

ApiKey make_key(sdk::Transaction& transaction, std::string_view note) {
  ApiKey made{"API" + folded(sha256_hex(random_bytes(16)).substr(0, 12)),
              random_token(kSecretBytes), std::string(note), wall_clock()};
  transaction.execute(
      "INSERT INTO auth_api_keys (api_key, secret, note, created_at) VALUES ($1, $2, $3, $4)",
      made.key, made.secret, made.note, made.created_at);
  return made;
}

std::vector<ApiKey> keys(sdk::Transaction& transaction) {
  const auto found = transaction.execute(
      "SELECT api_key, secret, note, created_at FROM auth_api_keys ORDER BY created_at, api_key "
      "LIMIT 1000");
  std::vector<ApiKey> out;
  for (const sdk::SqlRow& row : found.rows) {
    out.push_back(read_row(row));
  }
  return out;
}

std::optional<ApiKey> find_key(sdk::Transaction& transaction, std::string_view key) {
  const auto found = transaction.execute(
      "SELECT api_key, secret, note, created_at FROM auth_api_keys WHERE api_key = $1", key);
  return found.rows.empty() ? std::nullopt : std::optional(read_row(found.rows.front()));
}

std::optional<ApiKey> first_key(sdk::Transaction& transaction) {
  const auto found = transaction.execute(
      "SELECT api_key, secret, note, created_at FROM auth_api_keys ORDER BY created_at, api_key "
      "LIMIT 1");
  return found.rows.empty() ? std::nullopt : std::optional(read_row(found.rows.front()));
}

bool remove_key(sdk::Transaction& transaction, std::string_view key) {
  return transaction.execute("DELETE FROM auth_api_keys WHERE api_key = $1", key).changed != 0;
}

std::string make(const ApiKey& key, const Grant& grant, std::int64_t now, std::int64_t ttl) {
  Json claims = Json::object({{"iss", key.key},
                              {"sub", grant.identity},
                              {"nbf", now},
                              {"exp", now + ttl},
                              {"video", grant.video}});
  if (!grant.name.empty()) {
    claims.set("name", grant.name);
  }
  if (!grant.metadata.empty()) {
    claims.set("metadata", grant.metadata);
  }
  return jwt::sign(claims.set("attributes", grant.attributes), key.secret);
}

std::string key_of(std::string_view token) {
  const auto parts = jwt::take_apart(token);
  return parts && parts->key_id.empty() ? parts->claims["iss"].text_or() : std::string();
}

Result<Grant> read(std::string_view token, const ApiKey& key, std::int64_t now) {
  const auto parts = jwt::take_apart(token);
  if (!parts || parts->claims["iss"].as_text() != key.key || !jwt::signed_by(*parts, key.secret)) {
    return Error{"this key has not signed the token"};
  }
  const Json& claims = parts->claims;
  if (auto timely = jwt::check_times(claims, now); !timely) {
    return timely.error();
  }
  if (!are_grants(claims["video"])) {
    return Error{"the token grants nothing that is known here"};
  }
  if (claims["video"]["roomJoin"].as_bool() && claims["sub"].as_text().empty()) {
    return Error{"the token names nobody"};
  }
  return Grant{claims["sub"].text_or(), claims["name"].text_or(), claims["metadata"].text_or(),
               claims["attributes"],    claims["video"],          claims["exp"].as_int()};
}

Json Grant::to_json() const {
  Json out = Json::object(
      {{"identity", identity}, {"name", name}, {"metadata", metadata}, {"video", video}});
  return out.set("attributes", attributes);
}

std::optional<sdk::Principal> bearer(const Keys& keys, std::string_view token, std::int64_t now) {
  const auto key = keys.find(key_of(token));
  if (key == keys.end()) {
    return std::nullopt;
  }
  const auto grant = read(token, key->second, now);
  if (!grant) {
    return std::nullopt;
  }
  // The key is part of the id, so that nobody's identity is taken for an account's.
  return sdk::Principal{CARDEA_RANK_NOBODY,
                        key->first + ":" + grant->identity,
                        grant->name.empty() ? grant->identity : grant->name,
                        key->first,
                        sha256_hex(token),
                        grant->expires,
                        grant->to_json().dump()};
}

}  // namespace cardea::auth::room_tokens
