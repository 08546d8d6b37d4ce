#include "core/media/tap.hpp"

#include <array>
#include <cstring>

#include "core/rtp/codec/vp8.hpp"

namespace cardea::media {
namespace {

constexpr std::uint8_t kMarker = 0x80;

}  // namespace

bool Tap::forward(const peer::SourcePacket& in, bool ends_picture, Time now) {
  const auto numbers = numbering_.number(in, clock_rate_, now);
  const Bytes bytes = in.packet.bytes();
  if (!numbers || bytes.size() > kPacketCapacity) {
    return false;
  }
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): written before it is read.
  std::array<std::uint8_t, kPacketCapacity> copy;
  std::memcpy(copy.data(), bytes.data(), bytes.size());
  copy[1] = static_cast<std::uint8_t>(copy[1] | (ends_picture ? kMarker : 0));
  store_u16(copy.data() + 2, static_cast<std::uint16_t>(numbers->seq));
  store_u32(copy.data() + 4, numbers->timestamp);
  if (numbers->moves_picture) {
    rtp::renumber_vp8(
        MutableBytes(copy).subspan(in.packet.header_size(), in.packet.payload().size()),
        numbers->picture_id, numbers->tl0);
  }
  numbering_.commit(in, *numbers, now);
  queue_->put(now, in.keyframe && in.frame.keyframe, Bytes(copy).first(bytes.size()), {});
  return true;
}

}  // namespace cardea::media
