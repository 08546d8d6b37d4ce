// Trickle fragments of WHIP clients: no crash; what was read stays the same when it is put into a
// description and read again.
#include <cstdint>
#include <cstdlib>

#include "plugins/whip/fragment.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cardea::whip;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto fragment = parse_fragment(text);
  if (fragment &&
      credentials_of(with_credentials(text, fragment->credentials)) != fragment->credentials) {
    std::abort();
  }
  fragment_of(text);
  return 0;
}
