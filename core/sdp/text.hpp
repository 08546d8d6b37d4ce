// Small tools for reading SDP text: trimming, tokens, numbers. Views only.
#pragma once

#include <charconv>
#include <string_view>

namespace cardea::sdp {

inline bool is_blank(char c) { return c == ' ' || c == '\t'; }

inline std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

/// Cuts `text` at the first `separator` and returns the part before it; all of it when there is
/// none.
inline std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  const std::string_view head = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return head;
}

/// The next blank-separated word; empty at the end.
inline std::string_view take_word(std::string_view& text) {
  text = trim(text);
  std::size_t end = 0;
  while (end < text.size() && !is_blank(text[end])) {
    ++end;
  }
  const std::string_view word = text.substr(0, end);
  text = trim(text.substr(end));
  return word;
}

/// The whole text as a decimal number of type T. False when it is not one, or out of T's range.
template <typename T>
bool to_number(std::string_view text, T& out) {
  const char* end = text.data() + text.size();
  T value{};
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end) {
    return false;
  }
  out = value;
  return true;
}

inline bool starts_with(std::string_view text, std::string_view head) {
  return text.substr(0, head.size()) == head;
}

}  // namespace cardea::sdp
