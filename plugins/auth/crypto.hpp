// Digests, random texts and base64url.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cardea::auth {

std::string hmac_sha256(std::string_view key, std::string_view text);
std::string hmac_sha1(std::string_view key, std::string_view text);
/// In hexadecimal digits: how one-time texts are stored.
std::string sha256_hex(std::string_view text);

std::string base64url(std::string_view bytes);
/// Without padding, and only the one way in which base64url() writes a text.
std::optional<std::string> from_base64url(std::string_view text);

std::string random_bytes(std::size_t count);
/// @param bytes of randomness, as base64url.
std::string random_token(std::size_t bytes);
/// A random UUID (RFC 9562, version 4).
std::string random_uuid();

}  // namespace cardea::auth
