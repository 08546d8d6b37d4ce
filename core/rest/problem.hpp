// Errors of HTTP answers as RFC 9457 has them, with the members that clients of the replaced
// systems read.
#pragma once

#include <string>
#include <string_view>

#include <cardea/sdk/json.hpp>

namespace cardea::rest {

inline constexpr const char* kProblemType = "application/problem+json";

/// Why a request is refused.
struct Problem {
  int status = 500;
  std::string code;    ///< for programs: "not_found"
  std::string detail;  ///< for people
};

/// What the status is called; "Error" for those that nobody here sends.
const char* status_title(int status);

/// {"type","title","status","detail","code","error"} and the members of `more`, which replace none.
std::string problem_body(const Problem& problem, const Json& more = {});

}  // namespace cardea::rest
