// Tokens that an administrator stored, and which features each may attach to.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace cardea::session {

/// The features of one token by id. Absent: all of them, also those of a later start.
using TokenScope = std::optional<std::set<std::string>>;

class TokenStore {
 public:
  static constexpr std::size_t kMaxTokens = 100'000;

  /// A token that is there already keeps its scope. Null when there are too many.
  TokenScope* add(const std::string& token, const TokenScope& scope) {
    if (tokens_.size() >= kMaxTokens && !tokens_.contains(token)) {
      return nullptr;
    }
    return &tokens_.try_emplace(token, scope).first->second;
  }
  /// Null when unknown. Valid until that token is removed.
  TokenScope* find(std::string_view token) {
    const auto found = tokens_.find(token);
    return found == tokens_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const TokenScope* find(std::string_view token) const {
    const auto found = tokens_.find(token);
    return found == tokens_.end() ? nullptr : &found->second;
  }
  bool remove(const std::string& token) { return tokens_.erase(token) > 0; }
  [[nodiscard]] const auto& all() const { return tokens_; }

 private:
  std::map<std::string, TokenScope, std::less<>> tokens_;
};

}  // namespace cardea::session
