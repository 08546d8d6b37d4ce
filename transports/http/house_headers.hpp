// The headers that every answer of a port has, unless it says otherwise: what browsers may do with
// it.
#pragma once

#include <string>
#include <vector>

#include "transports/http/config.hpp"
#include "transports/http/exchange.hpp"

namespace cardea::http {

class HouseHeaders {
 public:
  explicit HouseHeaders(const Settings& settings);

  /// @param secure the client came by TLS: browsers are told to stay with it.
  [[nodiscard]] const std::vector<Header>& of(bool secure) const { return secure ? tls_ : plain_; }

 private:
  std::vector<Header> plain_;
  std::vector<Header> tls_;
};

}  // namespace cardea::http
