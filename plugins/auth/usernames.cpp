#include "plugins/auth/usernames.hpp"

#include <algorithm>
#include <array>

namespace cardea::auth {

namespace {

constexpr std::size_t kShortest = 3;
constexpr std::size_t kLongestDisplayName = 64;  // characters
constexpr std::size_t kLongestEmail = 254;       // RFC 5321, section 4.5.3.1.3 with its brackets

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) { return is_letter_or_digit(c) || c == '_'; }

sdk::RestProblem bad(const char* code, std::string detail) {
  return {400, code, std::move(detail), {}, {}};
}

// C0, DEL and C1 controls, and what turns the direction of text (U+200E/F, U+202A-E, U+2066-9).
bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto at = [&](std::size_t k) {
      return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U;
    };
    if (at(i) < 0x20 || at(i) == 0x7f || (at(i) == 0xc2 && at(i + 1) < 0xa0)) {
      return true;
    }
    if (at(i) == 0xe2 && at(i + 1) == 0x80 &&
        (at(i + 2) == 0x8e || at(i + 2) == 0x8f || (at(i + 2) >= 0xa8 && at(i + 2) <= 0xae))) {
      return true;
    }
    if (at(i) == 0xe2 && at(i + 1) == 0x81 && at(i + 2) >= 0xa6 && at(i + 2) <= 0xa9) {
      return true;
    }
  }
  return false;
}

bool is_reserved(std::string_view name, const NameRules& rules) {
  const std::string key = folded(name);
  return std::any_of(rules.reserved.begin(), rules.reserved.end(),
                     [&](const std::string& each) { return folded(each) == key; });
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == text.npos) {
    return {};
  }
  return std::string(text.substr(first, text.find_last_not_of(kSpace) - first + 1));
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::optional<sdk::RestProblem> check_username(std::string_view name, const NameRules& rules) {
  if (name.size() < kShortest || name.size() > rules.longest ||
      !std::all_of(name.begin(), name.end(), is_name_character)) {
    return bad("invalid_username", "A user name has 3 to " + std::to_string(rules.longest) +
                                       " letters, digits and underscores");
  }
  if (is_reserved(name, rules)) {
    return bad("reserved_username", "This user name is reserved");
  }
  return std::nullopt;
}

std::optional<sdk::RestProblem> check_display_name(std::string_view name) {
  if (name.empty() || character_count(name) > kLongestDisplayName || has_control(name)) {
    return bad("invalid_display_name", "A display name has 1 to 64 visible characters");
  }
  return std::nullopt;
}

std::optional<sdk::RestProblem> check_email(std::string_view email) {
  const std::size_t at = email.find('@');
  const bool shaped = email.size() <= kLongestEmail && at != email.npos && at > 0 && at <= 64 &&
                      email.find('@', at + 1) == email.npos &&
                      email.find('.', at + 2) != email.npos && !email.ends_with('.') &&
                      std::all_of(email.begin(), email.end(), [](char c) {
                        return c > ' ' && c < 0x7f &&
                               std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos;
                      });
  return shaped ? std::nullopt
                : std::optional(bad("invalid_email", "This is not an e-mail address"));
}

std::string username_from(std::string_view foreign, const NameRules& rules) {
  std::string out;
  for (const char c : foreign) {
    if (is_letter_or_digit(c)) {
      out += c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  out.resize(std::min(out.size(), rules.longest));
  while (!out.empty() && out.back() == '_') {
    out.pop_back();
  }
  if (out.size() < kShortest || is_reserved(out, rules)) {
    out = "user_" + out;
    out.resize(std::min(out.size(), rules.longest));
  }
  return out;
}

}  // namespace cardea::auth
