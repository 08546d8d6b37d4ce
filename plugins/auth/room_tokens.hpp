// Room tokens: JWTs in LiveKit's claim shape, signed with the secret of an API key.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/database.hpp>
#include <cardea/sdk/json.hpp>
#include <cardea/sdk/rest.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea::auth::room_tokens {

struct ApiKey {
  std::string key;
  std::string secret;
  std::string note;
  std::int64_t created_at = 0;
};

// [work]
ApiKey make_key(sdk::Transaction& transaction, std::string_view note);
std::vector<ApiKey> keys(sdk::Transaction& transaction);
std::optional<ApiKey> find_key(sdk::Transaction& transaction, std::string_view key);
/// The one that was made first.
std::optional<ApiKey> first_key(sdk::Transaction& transaction);
bool remove_key(sdk::Transaction& transaction, std::string_view key);

/// What a token allows, and who it is for.
struct Grant {
  std::string identity;
  std::string name;
  std::string metadata;
  Json attributes;  ///< an object of texts, or absent
  Json video;       ///< an object: room, roomJoin, canPublish, ...
  std::int64_t expires = 0;

  /// As cardea_principal_t and REST tell it.
  [[nodiscard]] Json to_json() const;
};

std::string make(const ApiKey& key, const Grant& grant, std::int64_t now, std::int64_t ttl);
/// Which key a token says has signed it; empty when it is none.
std::string key_of(std::string_view token);
/// An error unless that key has signed it, now is its time, and its grants are of the right types.
Result<Grant> read(std::string_view token, const ApiKey& key, std::int64_t now);

/// The keys that count, as the table had them when it was last read.
using Keys = std::map<std::string, ApiKey, std::less<>>;
/// Whom other modules see in the bearer of such a token; nobody when no known key has signed it.
std::optional<sdk::Principal> bearer(const Keys& keys, std::string_view token, std::int64_t now);

}  // namespace cardea::auth::room_tokens
