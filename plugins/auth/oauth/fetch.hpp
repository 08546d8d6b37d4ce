// One request to a provider: within a deadline, bounded, without redirects.
#pragma once

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include <cardea/sdk/json.hpp>
#include <cardea/sdk/result.hpp>

#include "plugins/auth/oauth/provider.hpp"

namespace cardea::auth::oauth {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// "name=value&..." with everything encoded.
std::string form_of(const Fields& fields);

struct Question {
  std::string url;
  Fields form;         ///< a POST when there are any
  std::string bearer;  ///< access token; empty: none
};

/// [work] The answer's JSON, when its status is 200. Errors say nothing of what was sent or
/// received; their code is the status, if there was one.
/// @param stop ends it early.
Result<Json> fetch_json(const Provider& provider, const Question& question,
                        const std::atomic<bool>& stop);

}  // namespace cardea::auth::oauth
