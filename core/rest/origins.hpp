// Which web pages may call the REST API: those of this server's own origin, and those that are
// listed (threats.md S1, S2, A12).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cardea::rest {

class Origins {
 public:
  /// @param listed "https://example.org", "tauri://localhost"; "*" for all, then without
  /// credentials.
  explicit Origins(std::vector<std::string> listed) : listed_(std::move(listed)) {}

  /// @param origin of the request's header; empty: no web page sent it.
  /// @param base "https://host:port" that the request was made to.
  [[nodiscard]] bool allowed(std::string_view origin, std::string_view base) const;
  /// Whether it is another origin, so that the answer needs CORS headers to be read.
  [[nodiscard]] static bool foreign(std::string_view origin, std::string_view base) {
    return !origin.empty() && origin != base;
  }

 private:
  std::vector<std::string> listed_;
};

}  // namespace cardea::rest
