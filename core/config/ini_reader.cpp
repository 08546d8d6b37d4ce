// The line reader. Written here because inih cuts lines at 199 characters.
#include "core/config/ini_reader.hpp"

#include <algorithm>

namespace cardea::config {

namespace {

constexpr std::size_t kMaxNameBytes = 128;

bool is_space(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool is_name(std::string_view text) {
  constexpr std::string_view kMarks = "_-.:@";
  return !text.empty() && text.size() <= kMaxNameBytes &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  kMarks.find(c) != std::string_view::npos;
         });
}

bool starts_comment(std::string_view text, std::size_t at) {
  return (text[at] == ';' || text[at] == '#') && (at == 0 || is_space(text[at - 1]));
}

std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (starts_comment(text, i)) {
      return trimmed(text.substr(0, i));
    }
  }
  return trimmed(text);
}

// `text` begins with a quote. False when it does not end, or something but a comment follows it.
bool read_quoted(std::string_view text, std::string& value) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      return without_comment(text.substr(i + 1)).empty();
    }
    const bool escape =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    i += escape ? 1 : 0;
    value += text[i];
  }
  return false;
}

class Reader {
 public:
  void line(std::string_view text) {
    ++line_;
    if (text.size() > kMaxLineBytes) {
      fail("line of " + std::to_string(text.size()) + " bytes, at most " +
           std::to_string(kMaxLineBytes) + " are allowed");
      return;
    }
    if (std::any_of(text.begin(), text.end(), [](char c) {
          return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
        })) {
      fail("control character in the line");
      return;
    }
    text = trimmed(text);
    if (text.empty() || starts_comment(text, 0)) {
      return;
    }
    if (text.front() == '[') {
      header(without_comment(text));
    } else {
      assignment(text);
    }
  }

  void fail(std::string reason) { out_.errors.push_back({line_, section_, std::move(reason)}); }

  IniText take() { return std::move(out_); }

 private:
  void header(std::string_view text) {
    const std::string_view name =
        text.back() == ']' ? trimmed(text.substr(1, text.size() - 2)) : std::string_view{};
    in_section_ = is_name(name);
    section_ = in_section_ ? std::string(name) : std::string();
    if (!in_section_) {
      fail("expected [section], made of letters, digits and _-.:@");
      return;
    }
    out_.entries.push_back({section_, "", "", line_});
  }

  void assignment(std::string_view text) {
    const auto equals = text.find('=');
    const std::string_view key = trimmed(text.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(key)) {
      fail("expected \"key = value\"");
      return;
    }
    if (!in_section_) {
      fail("key \"" + std::string(key) + "\" stands before any good [section]");
      return;
    }
    const std::string_view raw = trimmed(text.substr(equals + 1));
    std::string value;
    if (!raw.empty() && raw.front() == '"') {
      if (!read_quoted(raw, value)) {
        fail("value of \"" + std::string(key) + "\": the quotes do not close at its end");
        return;
      }
    } else {
      value = without_comment(raw);
    }
    out_.entries.push_back({section_, std::string(key), std::move(value), line_});
  }

  IniText out_;
  std::string section_;
  bool in_section_ = false;
  int line_ = 0;
};

}  // namespace

IniText read_ini(std::string_view text) {
  Reader reader;
  if (text.size() > kMaxFileBytes) {
    reader.fail("file of " + std::to_string(text.size()) + " bytes, at most " +
                std::to_string(kMaxFileBytes) + " are allowed");
    return reader.take();
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    reader.line(line);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return reader.take();
}

}  // namespace cardea::config
