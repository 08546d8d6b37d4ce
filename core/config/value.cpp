// Types, ranges and the spelling help of configuration values.
#include "core/config/value.hpp"

#include <algorithm>
#include <charconv>

#include <jansson.h>

namespace cardea::config {

namespace {

std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 64;
  return "\"" + std::string(text.substr(0, kMost)) + (text.size() > kMost ? "...\"" : "\"");
}

std::string range(const cardea_config_key_t& key) {
  return std::to_string(key.min) + " to " + std::to_string(key.max);
}

std::string against_integer(const cardea_config_key_t& key, std::string_view text) {
  const bool bounded = key.min != 0 || key.max != 0;
  std::int64_t value = 0;
  if (!parse_integer(text, value)) {
    return shown(text) + " is not a whole number" + (bounded ? " (" + range(key) + ")" : "");
  }
  if (bounded && (value < key.min || value > key.max)) {
    return shown(text) + " is out of range (" + range(key) + ")";
  }
  return {};
}

bool is_utf8(std::string_view text) {
  json_t* string = json_stringn(text.data(), text.size());
  const bool good = string != nullptr;
  json_decref(string);
  return good;
}

// An explicit empty value is good where empty is the default, whatever the shortest length.
std::string against_length(const cardea_config_key_t& key, std::string_view text) {
  const bool unset = text.empty() && key.default_value != nullptr && *key.default_value == '\0';
  const auto size = static_cast<std::int64_t>(text.size());
  if (!unset && key.max > 0 && (size < key.min || size > key.max)) {
    return "value of " + std::to_string(size) + " bytes is out of range (" + range(key) + " bytes)";
  }
  return {};
}

std::string against_words(const cardea_config_key_t& key, std::string_view text) {
  const std::string_view values = key.values == nullptr ? "" : key.values;
  std::string allowed;
  for (std::size_t at = 0; at <= values.size();) {
    const auto end = std::min(values.find('|', at), values.size());
    const std::string_view word = values.substr(at, end - at);
    if (word == text) {
      return {};
    }
    allowed += (allowed.empty() ? "" : ", ") + std::string(word);
    at = end + 1;
  }
  return shown(text) + " is not one of " + allowed;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string reason_against(const cardea_config_key_t& key, std::string_view text) {
  if (!is_utf8(text)) {
    return "value is not UTF-8 text";
  }
  switch (key.type) {
    case CARDEA_CONFIG_BOOL: {
      bool value = false;
      return parse_bool(text, value)
                 ? std::string()
                 : shown(text) + " is neither yes nor no (also true/false, on/off, 1/0)";
    }
    case CARDEA_CONFIG_INT:
      return against_integer(key, text);
    case CARDEA_CONFIG_ENUM:
      return against_words(key, text);
    case CARDEA_CONFIG_STRING:
    case CARDEA_CONFIG_SECRET:
      return against_length(key, text);
    case CARDEA_CONFIG_LIST:
      break;
  }
  return {};
}

bool parse_bool(std::string_view text, bool& value) {
  std::string word(text.substr(0, 8));
  std::transform(word.begin(), word.end(), word.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  value = word == "yes" || word == "true" || word == "on" || word == "1";
  return value || word == "no" || word == "false" || word == "off" || word == "0";
}

bool parse_integer(std::string_view text, std::int64_t& value) {
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') {
    text.remove_prefix(1);
  }
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc() && result.ptr == end;
}

std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    const std::string_view item = text.substr(at, end - at);
    const auto first = item.find_first_not_of(" \t");
    if (first != std::string_view::npos) {
      words.emplace_back(item.substr(first, item.find_last_not_of(" \t") - first + 1));
    }
    at = end + 1;
  }
  return words;
}

std::string nearest(std::string_view wrong, const std::vector<std::string>& names) {
  // Names are at most 128 bytes when they come from a file; a variable's name may be anything.
  wrong = wrong.substr(0, 128);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, wrong.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::size_t distance = edit_distance(wrong, name);
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

}  // namespace cardea::config
