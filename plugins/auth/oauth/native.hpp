// Programs outside of the browser (RFC 8252): where their codes may go.
#pragma once

#include <string>
#include <vector>

namespace cardea::auth::oauth {

/// Whether `target` stands in the list. An entry such as "http://127.0.0.1/callback" or
/// "http://[::1]/callback" fits that address with every port, because programs take a free one.
bool is_listed(const std::string& target, const std::vector<std::string>& list);

}  // namespace cardea::auth::oauth
