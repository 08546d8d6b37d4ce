// Digests: passwords of rooms, credentials for coturn, cookies of guests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cardea::rooms {

/// [work] A salted PBKDF2-HMAC-SHA256 as a text that says what it is.
std::string hash_password(std::string_view password);
/// [work]
bool password_fits(std::string_view hash, std::string_view password);

/// coturn's use-auth-secret: base64 of HMAC-SHA1.
std::string turn_password(std::string_view secret, std::string_view username);

/// "<id>.<signature>" of a new id.
std::string make_cookie(std::string_view key);
/// The id of a cookie that the key has signed; empty for every other text.
std::string cookie_id(std::string_view key, std::string_view cookie);

}  // namespace cardea::rooms
