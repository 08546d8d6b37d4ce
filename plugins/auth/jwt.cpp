#include "plugins/auth/jwt.hpp"

#include <array>

#include <cardea/sdk/ids.hpp>

#include "plugins/auth/crypto.hpp"

namespace cardea::auth::jwt {

namespace {

constexpr JsonLimits kLimits{.depth = 6, .members = 64, .nodes = 256};

Error malformed() { return Error{"not a token of this server"}; }

Result<Json> object_of(std::string_view part) {
  const auto text = from_base64url(part);
  if (!text) {
    return malformed();
  }
  auto json = Json::parse(*text, kLimits);
  return json && json->is_object() ? json : Result<Json>(malformed());
}

// The header says HS256 and nothing that asks for more (RFC 7515, sections 4.1.9 and 4.1.11).
bool is_plain_hs256(const Json& header) {
  bool plain = header["alg"].as_text() == "HS256";
  header.for_each_member([&](std::string_view name, const Json& value) {
    if (name == "typ") {
      plain = plain && value.as_text() == "JWT";
    } else {
      plain = plain && (name == "alg" || name == "kid") && value.is_string();
    }
  });
  return plain;
}

}  // namespace

std::string sign(const Json& claims, std::string_view secret, std::string_view key_id) {
  Json header = Json::object({{"alg", "HS256"}, {"typ", "JWT"}});
  if (!key_id.empty()) {
    header.set("kid", key_id);
  }
  const std::string text = base64url(header.dump()) + "." + base64url(claims.dump());
  return text + "." + base64url(hmac_sha256(secret, text));
}

Result<Parts> take_apart(std::string_view token) {
  if (token.size() > kLongest) {
    return malformed();
  }
  const std::size_t first = token.find('.');
  const std::size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) {
    return malformed();
  }
  const auto header = object_of(token.substr(0, first));
  const auto claims = object_of(token.substr(first + 1, second - first - 1));
  const auto signature = from_base64url(token.substr(second + 1));
  if (!header || !claims || !signature || !is_plain_hs256(*header)) {
    return malformed();
  }
  return Parts{(*header)["kid"].text_or(), *claims, std::string(token.substr(0, second)),
               *signature};
}

bool signed_by(const Parts& parts, std::string_view secret) {
  return sdk::same_secret(hmac_sha256(secret, parts.signed_text), parts.signature);
}

Result<void> check_times(const Json& claims, std::int64_t now) {
  if (!claims["exp"].is_integer() || claims["exp"].as_int() <= now - kSkew) {
    return Error{"the token has expired"};
  }
  for (const char* name : {"nbf", "iat"}) {
    if (claims[name] && (!claims[name].is_integer() || claims[name].as_int() > now + kSkew)) {
      return Error{"the token is not valid yet"};
    }
  }
  return {};
}

}  // namespace cardea::auth::jwt
