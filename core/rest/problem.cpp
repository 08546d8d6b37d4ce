#include "core/rest/problem.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cardea::rest {

const char* status_title(int status) {
  constexpr std::array<std::pair<int, const char*>, 16> kTitles{{
      {400, "Bad request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not found"},
      {405, "Method not allowed"},
      {408, "Request timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {413, "Content too large"},
      {415, "Unsupported media type"},
      {421, "Misdirected request"},
      {429, "Too many requests"},
      {500, "Internal server error"},
      {502, "Bad gateway"},
      {503, "Service unavailable"},
      {504, "Gateway timeout"},
  }};
  const auto* found = std::find_if(kTitles.begin(), kTitles.end(),
                                   [&](const auto& one) { return one.first == status; });
  return found == kTitles.end() ? "Error" : found->second;
}

std::string problem_body(const Problem& problem, const Json& more) {
  Json body = Json::object({{"type", "about:blank"},
                            {"title", status_title(problem.status)},
                            {"status", problem.status},
                            {"detail", problem.detail},
                            {"code", problem.code},
                            {"error", problem.detail}});
  more.for_each_member([&](std::string_view key, const Json& value) {
    if (const std::string name(key); !body.has(name.c_str())) {
      body.set(name, value);
    }
  });
  return body.dump();
}

}  // namespace cardea::rest
