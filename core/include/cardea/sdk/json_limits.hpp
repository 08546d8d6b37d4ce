// What a foreign JSON text may grow to, checked in one walk before any tree is built.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <cardea/sdk/result.hpp>

namespace cardea {

struct JsonLimits {
  std::size_t depth = 32;      ///< at most 63
  std::size_t members = 1000;  ///< of one object or array
  std::size_t nodes = 10'000;  ///< of the whole text
};

/// Error::code of a text that is refused for its size, not for its form.
constexpr int kJsonBeyondLimits = 1;

/// Walks the first value of a text. jansson alone would recurse 2048 deep and build any number of
/// nodes; a text that is no JSON passes here and fails there.
class JsonScan {
 public:
  explicit JsonScan(const JsonLimits& limits) : limits_(limits) {}

  Result<void> run(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (in_string_) {
        i += c == '\\' ? 1 : 0;
        in_string_ = c != '"';
      } else if (!step(c)) {
        return Error{reason_ + " at byte " + std::to_string(i), kJsonBeyondLimits};
      } else if (finished_) {
        break;
      }
    }
    return {};
  }

 private:
  static constexpr std::size_t kDeepest = 64;

  bool step(char c) {
    switch (c) {
      case '"':
        in_string_ = true;
        return true;
      case '{':
      case '[':
        return open();
      case '}':
      case ']':
        finished_ = depth_ > 0 && --depth_ == 0;
        return true;
      case ',':
        return within(++members_[depth_] < limits_.members, "more than ", limits_.members,
                      " JSON members") &&
               count_node();
      default:
        return true;
    }
  }

  bool open() {
    ++depth_;
    if (!within(depth_ <= limits_.depth && depth_ < kDeepest, "JSON nested deeper than ",
                limits_.depth, "")) {
      return false;
    }
    members_[depth_] = 0;
    return count_node();
  }

  bool count_node() {
    return within(++nodes_ <= limits_.nodes, "more than ", limits_.nodes, " JSON values");
  }

  bool within(bool good, const char* before, std::size_t limit, const char* after) {
    if (!good) {
      reason_ = before + std::to_string(limit) + after;
    }
    return good;
  }

  JsonLimits limits_;
  std::array<std::size_t, kDeepest> members_{};
  std::size_t depth_ = 0;
  std::size_t nodes_ = 1;
  bool in_string_ = false;
  bool finished_ = false;
  std::string reason_;
};

}  // namespace cardea
