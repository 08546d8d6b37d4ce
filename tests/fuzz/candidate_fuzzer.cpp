// Fuzzes candidate lines: what parses must be written in a form that parses to the same.
#include <cstdlib>

#include "core/base/bytes.hpp"
#include "core/ice/candidate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto line = cardea::as_text(cardea::Bytes(data, size));
  const auto candidate = cardea::ice::parse_candidate(line);
  if (candidate) {
    const auto text = cardea::ice::format_candidate(*candidate);
    const auto again = cardea::ice::parse_candidate(text);
    if (!again || cardea::ice::format_candidate(*again) != text ||
        cardea::ice::classify(*again) != cardea::ice::classify(*candidate)) {
      std::abort();
    }
  }
  cardea::ice::RemoteCandidates set;
  set.add(line);
  return 0;
}
