// Fuzzes DATA_CHANNEL_OPEN: what parses is within its bounds and is written back as it was.
#include <algorithm>
#include <cstdlib>

#include "core/base/utf8.hpp"
#include "core/sctp/dcep.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cardea::sctp;  // NOLINT: the folder under test
  const auto channel = parse_open({data, size});
  if (!channel) {
    return 0;
  }
  const auto again = write_open(*channel);
  // The priority (bytes 2 and 3), and a limit that means nothing, are not kept.
  const bool same_head = again.size() == size && again[0] == data[0] && again[1] == data[1];
  const bool same_texts = same_head && std::equal(again.begin() + 8, again.end(), data + 8);
  if (!same_texts || parse_open(again) != channel || channel->label.size() > kMaxLabel ||
      !cardea::is_utf8(channel->label) || !cardea::is_utf8(channel->protocol)) {
    std::abort();
  }
  return 0;
}
