#include "transports/http/house_headers.hpp"

namespace cardea::http {

HouseHeaders::HouseHeaders(const Settings& settings)
    : plain_{{"X-Content-Type-Options", "nosniff"},
             {"X-Frame-Options", settings.frame_options},
             {"Referrer-Policy", settings.referrer_policy},
             {"Permissions-Policy",
              "camera=(self), microphone=(self), display-capture=(self), geolocation=(), "
              "payment=()"},
             {"Content-Security-Policy", settings.content_security_policy}} {
  if (settings.legacy_xss_header) {
    plain_.push_back({"X-XSS-Protection", "1; mode=block"});
  }
  std::erase_if(plain_, [](const Header& header) { return header.value.empty(); });
  tls_ = plain_;
  // Two years.
  tls_.push_back({"Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload"});
}

}  // namespace cardea::http
