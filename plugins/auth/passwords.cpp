#include "plugins/auth/passwords.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <argon2.h>
#include <crypt.h>

#include <cardea/sdk/ids.hpp>

#include "plugins/auth/crypto.hpp"
#include "plugins/auth/usernames.hpp"

namespace cardea::auth {

namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

sdk::RestProblem bad(std::string detail) {
  return {400, "invalid_password", std::move(detail), {}, {}};
}

bool is_bcrypt(std::string_view record) {
  return record.starts_with("$2a$") || record.starts_with("$2b$") || record.starts_with("$2y$");
}

bool verify_bcrypt(std::string_view password, const std::string& record) {
  // Not crypt_r: sanitizers believe that its state has the size of another library's.
  const auto state = std::make_unique<crypt_data>();
  const char* made = crypt_rn(std::string(password).c_str(), record.c_str(), state.get(),
                              static_cast<int>(sizeof *state));
  return made != nullptr && sdk::same_secret(record, made);
}

}  // namespace

std::optional<sdk::RestProblem> check_password(std::string_view password,
                                               const PasswordRules& rules) {
  const std::size_t characters = character_count(password);
  if (characters < rules.shortest || characters > rules.longest) {
    return bad("A password has " + std::to_string(rules.shortest) + " to " +
               std::to_string(rules.longest) + " characters");
  }
  if (!rules.mixed) {
    return std::nullopt;
  }
  const auto any = [&](auto&& test) { return std::any_of(password.begin(), password.end(), test); };
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!any(lower) || !any(upper) || !any([&](char c) { return !lower(c) && !upper(c); })) {
    return bad("A password needs a lower-case letter, an upper-case letter and another character");
  }
  return std::nullopt;
}

std::string hash_password(std::string_view password, const Argon2Cost& cost) {
  const std::string salt = random_bytes(kSaltBytes);
  std::string out(argon2_encodedlen(cost.passes, cost.memory, 1, kSaltBytes, kHashBytes, Argon2_id),
                  '\0');
  const int failed =
      argon2id_hash_encoded(cost.passes, cost.memory, 1, password.data(), password.size(),
                            salt.data(), salt.size(), kHashBytes, out.data(), out.size());
  if (failed != ARGON2_OK) {
    throw std::runtime_error(std::string("Argon2: ") + argon2_error_message(failed));
  }
  out.resize(std::strlen(out.c_str()));
  return out;
}

bool verify_password(std::string_view password, const std::string& record) {
  if (is_bcrypt(record)) {
    return verify_bcrypt(password, record);
  }
  return argon2id_verify(record.c_str(), password.data(), password.size()) == ARGON2_OK;
}

bool is_outdated(std::string_view record, const Argon2Cost& cost) {
  return !record.starts_with("$argon2id$v=19$m=" + std::to_string(cost.memory) +
                             ",t=" + std::to_string(cost.passes) + ",p=1$");
}

}  // namespace cardea::auth
