// Names and addresses of people: what is allowed, and how they compare.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/rest.hpp>

namespace cardea::auth {

struct NameRules {
  std::size_t longest = 32;
  std::vector<std::string> reserved;  ///< compared without case
};

/// In lower case (ASCII is all that a user name may have; others keep their bytes).
std::string folded(std::string_view text);
/// Without white space around it.
std::string trimmed(std::string_view text);

/// Why a user name is refused.
std::optional<sdk::RestProblem> check_username(std::string_view name, const NameRules& rules);
/// 1 to 64 characters, none of which controls a terminal or the direction of text.
std::optional<sdk::RestProblem> check_display_name(std::string_view name);
std::optional<sdk::RestProblem> check_email(std::string_view email);

/// A name that is allowed and near to a foreign one ("Jane Doe" -> "Jane_Doe"); never empty.
std::string username_from(std::string_view foreign, const NameRules& rules);

/// How many characters a UTF-8 text has.
std::size_t character_count(std::string_view text);

}  // namespace cardea::auth
