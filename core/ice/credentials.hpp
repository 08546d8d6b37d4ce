// The ICE user name fragment and password of one side, and the rule for how strong they must be.
#pragma once

#include <string>

#include <cardea/sdk/result.hpp>

namespace cardea::ice {

struct Credentials {
  std::string ufrag;
  std::string pwd;
};

/// RFC 8445 5.3 and RFC 8839 5.4: 4..256 ice-chars for ufrag (24 bits or more), 22..256 for the
/// password (128 bits or more). The caller draws them from a random source, new ones for each
/// restart.
Result<void> check_credentials(const Credentials& credentials);

}  // namespace cardea::ice
