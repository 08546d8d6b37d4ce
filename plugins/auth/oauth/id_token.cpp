#include "plugins/auth/oauth/id_token.hpp"

#include <array>
#include <optional>

#include <cardea/sdk/ids.hpp>

#include "plugins/auth/crypto.hpp"
#include "plugins/auth/oauth/jwk.hpp"

namespace cardea::auth::oauth {

namespace {

constexpr std::size_t kLongest = 32'768;  // bytes of a token
constexpr std::size_t kLongestSubject = 255;
constexpr std::size_t kMostKeys = 50;
constexpr std::int64_t kSkew = 60;  // seconds that clocks may differ

struct Parts {
  Json header;
  Json claims;
  std::string_view signed_text;
  std::string signature;
};

std::optional<Json> object_of(std::string_view encoded) {
  const auto text = from_base64url(encoded);
  auto json = text ? Json::parse(*text) : Result<Json>(Error{});
  return json && json->is_object() ? std::optional(*std::move(json)) : std::nullopt;
}

std::optional<Parts> take_apart(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  if (token.size() > kLongest || first == std::string_view::npos ||
      second == std::string_view::npos) {
    return std::nullopt;
  }
  auto header = object_of(token.substr(0, first));
  auto claims = object_of(token.substr(first + 1, second - first - 1));
  auto signature = from_base64url(token.substr(second + 1));
  if (!header || !claims || !signature) {
    return std::nullopt;
  }
  return Parts{*std::move(header), *std::move(claims), token.substr(0, second),
               *std::move(signature)};
}

enum class Signature { Good, Bad, UnknownKey };

Signature check_signature(const Parts& parts, const Json& keys) {
  const std::string_view algorithm = parts.header["alg"].as_text();
  const std::string_view id = parts.header["kid"].as_text();
  const Json list = keys["keys"];
  bool tried = false;
  for (std::size_t i = 0; i < list.size() && i < kMostKeys; ++i) {
    const Json jwk = list.at(i);
    if (!id.empty() && jwk["kid"].as_text() != id) {
      continue;
    }
    const PublicKey key = public_key(jwk, algorithm);
    if (key == nullptr) {
      continue;
    }
    tried = true;
    if (verifies(key.get(), algorithm, parts.signed_text, parts.signature)) {
      return Signature::Good;
    }
  }
  return tried ? Signature::Bad : Signature::UnknownKey;
}

bool is_for(const Json& claims, const std::string& client) {
  const Json audience = claims["aud"];
  bool found = audience.as_text() == client;
  for (std::size_t i = 0; i < audience.size(); ++i) {
    found = found || audience.at(i).as_text() == client;
  }
  const Json party = claims["azp"];
  const bool party_fits = party ? party.as_text() == client : audience.size() <= 1;
  return found && party_fits;
}

const char* wrong_claim(const Json& claims, const Expected& expected) {
  const Json expires = claims["exp"];
  const Json made = claims["iat"];
  const std::string_view subject = claims["sub"].as_text();
  if (claims["iss"].as_text() != expected.issuer) {
    return "the id token has another issuer";
  }
  if (!is_for(claims, expected.client_id)) {
    return "the id token is for somebody else";
  }
  if (!expires.is_integer() || expires.as_int() <= expected.now - kSkew) {
    return "the id token has expired";
  }
  if (!made.is_integer() || made.as_int() > expected.now + kSkew ||
      claims["nbf"].as_int() > expected.now + kSkew) {
    return "the id token is from the future";
  }
  if (!sdk::same_secret(expected.nonce, claims["nonce"].as_text())) {
    return "the id token has another nonce";
  }
  return subject.empty() || subject.size() > kLongestSubject ? "the id token has no subject"
                                                             : nullptr;
}

}  // namespace

Result<Json> read_id_token(std::string_view token, const Json& keys, const Expected& expected,
                           bool& unknown_key) {
  unknown_key = false;
  const auto parts = take_apart(token);
  if (!parts) {
    return Error{"the id token is malformed"};
  }
  const std::string_view algorithm = parts->header["alg"].as_text();
  if ((algorithm != "RS256" && algorithm != "ES256") || parts->header.has("crit")) {
    return Error{"the id token is signed in a way that is not accepted"};
  }
  switch (check_signature(*parts, keys)) {
    case Signature::UnknownKey:
      unknown_key = true;
      return Error{"the id token is signed with an unknown key"};
    case Signature::Bad:
      return Error{"the id token's signature is wrong"};
    case Signature::Good:
      break;
  }
  if (const char* wrong = wrong_claim(parts->claims, expected)) {
    return Error{wrong};
  }
  return parts->claims;
}

}  // namespace cardea::auth::oauth
