// One-time passwords of second factors (RFC 6238 with SHA-1, 6 digits, 30 s), and backup codes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <cardea/sdk/database.hpp>

namespace cardea::auth::totp {

inline constexpr std::int64_t kStep = 30;  ///< seconds
inline constexpr int kBackupCodes = 12;

/// RFC 4648, without padding.
std::string base32(std::string_view bytes);
std::optional<std::string> from_base32(std::string_view text);

/// @param key its bytes. @param step of time, or any counter. @param digits at most 9.
std::string code_at(std::string_view key, std::int64_t step, int digits = 6);
/// The step whose code this is, the one of `now` or a neighbour, later than `after`.
std::optional<std::int64_t> matching_step(std::string_view key, std::string_view code,
                                          std::int64_t now, std::int64_t after);

std::string new_secret();
std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret);

struct Factor {
  std::string secret;
  bool enabled = false;
  std::int64_t last_step = 0;
};

// [work] Of one account:
std::optional<Factor> find(sdk::Transaction& transaction, std::string_view user);
/// A secret that counts from confirm() on.
void set_pending(sdk::Transaction& transaction, std::string_view user, std::string_view secret);
void enable(sdk::Transaction& transaction, std::string_view user);
/// With its backup codes.
void remove(sdk::Transaction& transaction, std::string_view user);
void add_backup_code(sdk::Transaction& transaction, std::string_view user, std::string_view code);
std::int64_t backup_codes_left(sdk::Transaction& transaction, std::string_view user);
/// Uses up a code of the factor, or a backup code.
bool use_code(sdk::Transaction& transaction, std::string_view user, const Factor& factor,
              std::string_view code, std::int64_t now);

}  // namespace cardea::auth::totp
