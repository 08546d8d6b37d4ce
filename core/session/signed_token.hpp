// Tokens that carry their own rights: "<expiry>,<realm>[,<word>...]:<base64 of HMAC-SHA1>".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cardea::session {

/// The realm of tokens for the Janus API itself; its words are names of plugins.
constexpr std::string_view kCoreRealm = "janus";

/// True when `secret` signed it, it has not expired, it is for this realm, and `word` is empty or
/// among its words. False with an empty secret.
/// @param unix_now seconds since 1970.
bool valid_signed_token(std::string_view secret, std::string_view token, std::string_view realm,
                        std::string_view word, std::int64_t unix_now);

/// The base64 of the HMAC-SHA1 of `text`.
std::string token_signature(std::string_view secret, std::string_view text);

/// Takes the same time for every text of one length.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace cardea::session
