// Access tokens of people: what they say, how they are signed and read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/identity.h>
#include <cardea/sdk/result.hpp>

namespace cardea::auth {

/// What an access token says of its bearer.
struct Access {
  std::string user;  ///< "sub"
  std::string name;
  cardea_rank_t rank = CARDEA_RANK_USER;
  std::string session;          ///< of the login
  std::int64_t generation = 0;  ///< of the user's tokens; older ones are revoked
  std::string token;            ///< "jti"; issue() makes one
  std::int64_t expires = 0;     ///< seconds since 1970
};

class AccessTokens {
 public:
  struct Settings {
    std::string issuer;
    std::string audience;
    /// The first signs, all are accepted.
    std::vector<std::string> secrets;
  };

  explicit AccessTokens(Settings settings);

  /// @param ttl seconds.
  [[nodiscard]] std::string issue(const Access& access, std::int64_t now, std::int64_t ttl) const;
  /// An error for everything that issue() did not write, and when the time is over.
  [[nodiscard]] Result<Access> read(std::string_view token, std::int64_t now) const;

 private:
  struct Key {
    std::string id;  ///< made of the secret, tells nothing of it
    std::string secret;
  };

  Settings settings_;
  std::vector<Key> keys_;
};

/// Of the login secret `given`, or the one in `folder`, which is made when it is not there. Throws
/// when the given one is short or a sample.
std::string signing_secret(const std::string& given, const std::string& folder);

}  // namespace cardea::auth
