// Tokens of OpenID Connect (Core 1.0, 3.1.3.7): who the provider says that somebody is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

namespace cardea::auth::oauth {

struct Expected {
  std::string issuer;
  std::string client_id;
  std::string nonce;
  std::int64_t now = 0;  ///< seconds since 1970
};

/// The claims of a token that is signed by one of `keys` (a JSON Web Key Set) with RS256 or ES256
/// and says what is expected.
/// @param unknown_key set when none of the keys has the token's key id: fresh ones may have it.
Result<Json> read_id_token(std::string_view token, const Json& keys, const Expected& expected,
                           bool& unknown_key);

}  // namespace cardea::auth::oauth
