// A plain text as a mail (RFC 5322), and what an address may be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cardea::mail_smtp {

/// One address without a name: local@domain in visible ASCII, without what could end it early.
bool is_address(std::string_view text);

/// The address in "Name <local@domain>" or "local@domain".
std::optional<std::string> address_in(std::string_view from);

struct Mail {
  std::string to;
  std::string subject;
  std::string text;
};

/// Header and body with CRLF; the text in base64, so that no line of it means anything to SMTP.
/// @param seconds since 1970. @param id for Message-ID, unique.
std::string compose(const Mail& mail, const std::string& from, std::int64_t seconds,
                    const std::string& id);

}  // namespace cardea::mail_smtp
