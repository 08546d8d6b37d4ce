// Payload descriptors of all codecs: the first byte chooses the codec.
#include <cstdlib>
#include <vector>

#include "core/rtp/codec/keyframe.hpp"
#include "core/rtp/codec/opus.hpp"
#include "core/rtp/codec/vp8.hpp"
#include "core/rtp/codec/vp9.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cardea::rtp::Codec;
  if (size == 0) {
    return 0;
  }
  const auto codec = static_cast<Codec>(data[0] % (static_cast<unsigned>(Codec::Unknown) + 1));
  std::vector<std::uint8_t> payload(data + 1, data + size);
  cardea::rtp::is_keyframe(codec, payload);
  cardea::rtp::parse_opus(payload);
  const auto vp9 = cardea::rtp::parse_vp9(payload);
  const auto vp8 = cardea::rtp::parse_vp8(payload);
  if ((vp9 && vp9->size > payload.size()) || (vp8 && vp8->size > payload.size())) {
    std::abort();
  }
  if (vp8) {
    cardea::rtp::rewrite_vp8(payload, *vp8, 0x1234, 0x56);
    const auto again = cardea::rtp::parse_vp8(payload);
    if (!again || again->size != vp8->size) {
      std::abort();
    }
  }
  return 0;
}
