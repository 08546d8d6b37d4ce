// Rules for ICE credentials.
#include "core/ice/credentials.hpp"

#include <algorithm>
#include <string_view>

namespace cardea::ice {

namespace {

bool is_ice_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

bool is_ice_text(std::string_view text, std::size_t least) {
  return text.size() >= least && text.size() <= 256 &&
         std::all_of(text.begin(), text.end(), is_ice_char);
}

}  // namespace

Result<void> check_credentials(const Credentials& credentials) {
  // An ice-char carries 6 bits: 4 of them 24, 22 of them 132.
  if (!is_ice_text(credentials.ufrag, 4)) {
    return Error{"ICE ufrag: 4 to 256 of A-Z a-z 0-9 + / are needed"};
  }
  if (!is_ice_text(credentials.pwd, 22)) {
    return Error{"ICE password: 22 to 256 of A-Z a-z 0-9 + / are needed"};
  }
  return {};
}

}  // namespace cardea::ice
