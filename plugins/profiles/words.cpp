#include "plugins/profiles/words.hpp"

#include <algorithm>

namespace cardea::profiles {

namespace {

constexpr std::size_t kLongest = 50;

// The character in a word, 0 for what separates words.
char in_word(char c) {
  if (c >= 'A' && c <= 'Z') {
    return static_cast<char>(c - 'A' + 'a');
  }
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ? c : '\0';
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? in_word(text[i]) : '\0';
    if (c != '\0') {
      word += c;
    } else if (!word.empty()) {
      out.push_back(word.substr(0, kLongest));
      word.clear();
    }
  }
  return out;
}

std::string joined_word(std::string_view text) {
  std::string out;
  for (const std::string& word : words_of(text)) {
    out += word;
  }
  return out.substr(0, kLongest);
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace cardea::profiles
