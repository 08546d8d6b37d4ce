// Logins and users whose access tokens count no more, on this node: a copy of the table
// auth_revocations, which every node loads and hears of over the bus.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include <cardea/sdk/json.hpp>

#include "plugins/auth/access_tokens.hpp"

namespace cardea::auth {

struct Revocation {
  enum class Kind { Session, User };
  Kind kind = Kind::Session;
  std::string subject;          ///< id of the login or the user
  std::int64_t generation = 0;  ///< of a user: the oldest whose tokens count
  std::int64_t expires = 0;     ///< when the last such token would have expired

  /// The message on the bus channel CARDEA_IDENTITY_REVOKED.
  [[nodiscard]] Json to_json() const;
  /// False for what is no such message.
  static bool from_json(const Json& json, Revocation& out);
};

/// [control]
class Revocations {
 public:
  /// False when it is known already.
  bool add(const Revocation& revocation);
  [[nodiscard]] bool covers(const Access& access) const;
  [[nodiscard]] bool covers_session(const std::string& id) const { return sessions_.contains(id); }
  /// Forgets those whose tokens have expired anyway.
  void purge(std::int64_t now);
  [[nodiscard]] std::size_t size() const { return sessions_.size() + users_.size(); }

 private:
  struct User {
    std::int64_t generation = 0;
    std::int64_t expires = 0;
  };

  std::unordered_map<std::string, std::int64_t> sessions_;
  std::unordered_map<std::string, User> users_;
};

}  // namespace cardea::auth
