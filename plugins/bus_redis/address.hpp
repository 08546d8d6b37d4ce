// redis://USER:PASSWORD@HOST:PORT/NUMBER in its parts.
#pragma once

#include <string>
#include <string_view>

#include <cardea/sdk/result.hpp>

namespace cardea::bus_redis {

struct Address {
  std::string host;  ///< a name or an IP address, without brackets
  int port = 6379;
  std::string user;      ///< empty: none
  std::string password;  ///< empty: none
  int database = 0;
};

/// The error does not repeat the URL, which may hold a password.
Result<Address> parse_address(std::string_view url);

}  // namespace cardea::bus_redis
