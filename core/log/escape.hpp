// Makes any bytes safe to print on one line of a terminal or a log file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cardea::log {

enum class Quoting : std::uint8_t { Plain, Json };

/// `text` as UTF-8 without control characters, line separators and bidirectional controls (written
/// \n, \r, \t or \uXXXX); bytes that are not UTF-8 become \xNN (Plain) or \ufffd (Json). Json
/// escapes quote and backslash as well, for the inside of a JSON string. [any]
std::string escaped(std::string_view text, Quoting quoting);

}  // namespace cardea::log
