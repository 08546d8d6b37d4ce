// Passwords: which are allowed, and their hashes: Argon2id (RFC 9106), and bcrypt of older systems.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <cardea/sdk/rest.hpp>

namespace cardea::auth {

struct PasswordRules {
  std::size_t shortest = 8;   ///< characters
  std::size_t longest = 128;  ///< characters
  bool mixed = false;         ///< wants lower case, upper case and a non-letter
};

/// Why a password is refused. Never repeats it.
std::optional<sdk::RestProblem> check_password(std::string_view password,
                                               const PasswordRules& rules);

struct Argon2Cost {
  std::uint32_t memory = 19'456;  ///< KiB
  std::uint32_t passes = 2;
};

/// [work] With a salt of its own; the cost stands in the record.
std::string hash_password(std::string_view password, const Argon2Cost& cost);

/// [work] Whether a record ($argon2id$... or $2a$, $2b$, $2y$) is of this password.
bool verify_password(std::string_view password, const std::string& record);

/// Whether a record was made in another way than hash_password() would now.
bool is_outdated(std::string_view record, const Argon2Cost& cost);

}  // namespace cardea::auth
