// Codes that prove something once, and the mails that bring them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/auth/auth.hpp"

namespace cardea::auth {

namespace codes {

inline constexpr std::string_view kReset = "reset";    ///< allows a new password
inline constexpr std::string_view kVerify = "verify";  ///< proves the e-mail address in `about`

/// [work] A new code; former ones of that user and kind end. @param ttl seconds.
std::string make(sdk::Transaction& transaction, std::string_view kind, std::string_view user,
                 std::string_view about, std::int64_t ttl);

struct Meant {
  std::string user;
  std::string about;
};
/// [work] Whom a code is for, unless it is unknown or has expired.
std::optional<Meant> find(sdk::Transaction& transaction, std::string_view kind,
                          std::string_view code);
/// [work] The same, and the code ends; once only.
std::optional<Meant> use(sdk::Transaction& transaction, std::string_view kind,
                         std::string_view code);
void purge(sdk::Transaction& transaction, std::int64_t now);

}  // namespace codes

/// [control] False when nobody sends mails here.
bool mail_is_on(const Auth& auth);
/// [control] Sends the link for a new password, or the one that proves an address.
void mail_reset(const Auth& auth, const User& user, const std::string& code);
void mail_verification(const Auth& auth, const User& user, const std::string& code);
/// Where the code of a link leads; empty when link_url is not configured.
std::string link_to(const Settings& settings, std::string_view page, const std::string& code);

}  // namespace cardea::auth
