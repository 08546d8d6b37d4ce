// Words that profiles are found by.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cardea::profiles {

/// Runs of [a-z0-9_] in a text, letters in lower case, each at most 50 long.
std::vector<std::string> words_of(std::string_view text);
/// The same as one word, without what is between: "C / C++ 20" is "cc20".
std::string joined_word(std::string_view text);
/// How many characters a UTF-8 text has.
std::size_t character_count(std::string_view text);

}  // namespace cardea::profiles
