// Public keys of a provider (RFC 7517) and signatures made with them (RFC 7518).
#pragma once

#include <memory>
#include <string_view>

#include <openssl/evp.h>

#include <cardea/sdk/json.hpp>

namespace cardea::auth::oauth {

using PublicKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

/// Of a JSON Web Key for `algorithm` ("RS256" or "ES256"); null when it is none, or is too weak.
PublicKey public_key(const Json& jwk, std::string_view algorithm);

bool verifies(EVP_PKEY* key, std::string_view algorithm, std::string_view text,
              std::string_view signature);

}  // namespace cardea::auth::oauth
