// Checks the text of one value against its declaration. Private to core/config.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/abi.h>

namespace cardea::config {

/// Why `text` is not a good value for `key`; empty when it is. Never shows a secret.
std::string reason_against(const cardea_config_key_t& key, std::string_view text);

/// yes/no, true/false, on/off, 1/0 in any case. False when `text` is none of them.
bool parse_bool(std::string_view text, bool& value);
/// Decimal with an optional sign. False when not a number or beyond 64 bits.
bool parse_integer(std::string_view text, std::int64_t& value);
/// Words between commas, without the spaces around them; empty words are left out.
std::vector<std::string> parse_list(std::string_view text);

/// The name of `names` that is most like `wrong`, or empty when none is near.
std::string nearest(std::string_view wrong, const std::vector<std::string>& names);

}  // namespace cardea::config
