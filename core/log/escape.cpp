// Escaping of log text (threat S19).
#include "core/log/escape.hpp"

#include <fmt/core.h>

namespace cardea::log {

namespace {

struct CodePoint {
  std::uint32_t value = 0;
  // Bytes in the text; 0 when they are not UTF-8.
  std::size_t size = 0;
};

CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return std::uint32_t{static_cast<std::uint8_t>(text[i])};
  };
  const std::uint32_t first = byte(0);
  if (first < 0x80) {
    return {first, 1};
  }
  std::size_t size = 0;
  std::uint32_t least = 0;
  std::uint32_t value = 0;
  if ((first & 0xE0) == 0xC0) {
    size = 2, least = 0x80, value = first & 0x1F;
  } else if ((first & 0xF0) == 0xE0) {
    size = 3, least = 0x800, value = first & 0x0F;
  } else if ((first & 0xF8) == 0xF0) {
    size = 4, least = 0x10000, value = first & 0x07;
  }
  if (size == 0 || size > text.size()) {
    return {};
  }
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      return {};
    }
    value = (value << 6) | (byte(i) & 0x3F);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least || value > 0x10FFFF || surrogate) {
    return {};
  }
  return {value, size};
}

bool is_unsafe(std::uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  const bool separator = c == 0x2028 || c == 0x2029;
  const bool bidi = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
                    (c >= 0x2066 && c <= 0x2069);
  return control || separator || bidi;
}

void append_named(std::string& out, std::uint32_t c) {
  switch (c) {
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += fmt::format("\\u{:04x}", c);
  }
}

}  // namespace

std::string escaped(std::string_view text, Quoting quoting) {
  std::string out;
  out.reserve(text.size() + 16);
  while (!text.empty()) {
    const CodePoint point = decode(text);
    if (point.size == 0) {
      out += quoting == Quoting::Json
                 ? std::string("\\ufffd")
                 : fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    if (is_unsafe(point.value)) {
      append_named(out, point.value);
    } else {
      if (quoting == Quoting::Json && (point.value == '"' || point.value == '\\')) {
        out += '\\';
      }
      out += text.substr(0, point.size);
    }
    text.remove_prefix(point.size);
  }
  return out;
}

}  // namespace cardea::log
