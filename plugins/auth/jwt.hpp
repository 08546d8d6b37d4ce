// JSON Web Tokens (RFC 7519) with HMAC-SHA256, read strictly: one algorithm, known keys only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea::auth::jwt {

inline constexpr std::size_t kLongest = 8192;  ///< bytes of a token
inline constexpr std::int64_t kSkew = 60;      ///< seconds that clocks may differ

/// A token that was taken apart; whether it is genuine signed_by() says.
struct Parts {
  std::string key_id;  ///< "kid"; empty when it has none
  Json claims;
  std::string signed_text;
  std::string signature;
};

/// @param key_id empty: the token names none.
std::string sign(const Json& claims, std::string_view secret, std::string_view key_id = {});

/// Refuses what is no HS256 token of RFC 7519, or has header members that change its meaning.
Result<Parts> take_apart(std::string_view token);

bool signed_by(const Parts& parts, std::string_view secret);

/// `exp` must be there and lie ahead; `nbf` and `iat`, where they are, behind. Whole seconds.
Result<void> check_times(const Json& claims, std::int64_t now);

}  // namespace cardea::auth::jwt
