// Room tokens: JWTs in LiveKit's claim shape, signed with the secret of an API key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/database.hpp>
#include <cardea/sdk/json.hpp>
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

/// What a token allows, beside who it is for.
struct Grant {
  std::string identity;
  std::string name;
  std::string metadata;
  Json attributes;  ///< an object of texts, or absent
  Json video;       ///< an object: room, roomJoin, canPublish, ...
};

std::string make(const ApiKey& key, const Grant& grant, std::int64_t now, std::int64_t ttl);
/// Which key a token says has signed it; empty when it is none.
std::string key_of(std::string_view token);
/// An error unless that key has signed it, now is its time, and its grants are of the right types.
Result<Grant> read(std::string_view token, const ApiKey& key, std::int64_t now);

}  // namespace cardea::auth::room_tokens
