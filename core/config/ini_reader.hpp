// Splits INI text into section, key and value. Knows nothing of what keys mean.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cardea::config {

struct IniEntry {
  std::string section;
  /// Empty for the section header itself.
  std::string key;
  std::string value;
  int line = 0;
};

struct IniError {
  int line = 0;
  std::string section;
  std::string reason;
};

struct IniText {
  std::vector<IniEntry> entries;
  std::vector<IniError> errors;
};

inline constexpr std::size_t kMaxLineBytes = 8192;
inline constexpr std::size_t kMaxFileBytes = 1048576;

/// `[section]`, `key = value`; `;` and `#` begin a comment at the start of a line or after white
/// space outside quotes. A value in double quotes keeps its spaces and comment characters; \" and
/// \\ are the only escapes in it. Bad lines are reported and left out; reading goes on. [any]
IniText read_ini(std::string_view text);

}  // namespace cardea::config
