// Checks a received RTP packet's header against its real size.
#include "core/rtp/packet.hpp"

namespace cardea::rtp {

namespace {

// 128..191 in the first byte: version 2 (RFC 7983).
bool is_version_2(Bytes bytes) { return !bytes.empty() && bytes[0] >> 6 == 2; }

}  // namespace

bool is_rtcp(Bytes datagram) {
  return datagram.size() >= 2 && is_version_2(datagram) && datagram[1] >= 192 && datagram[1] <= 223;
}

std::size_t header_size(Bytes datagram) {
  if (datagram.size() < kFixedHeaderSize || !is_version_2(datagram)) {
    return 0;
  }
  std::size_t size = kFixedHeaderSize + std::size_t{4} * (datagram[0] & 0x0FU);
  if ((datagram[0] & 0x10) != 0) {
    if (datagram.size() < size + 4) {
      return 0;
    }
    size += 4 + std::size_t{4} * load_u16(datagram.data() + size + 2);
  }
  return size <= datagram.size() ? size : 0;
}

std::optional<Packet> Packet::parse(Bytes datagram) {
  Packet packet;
  packet.header_size_ = rtp::header_size(datagram);
  if (packet.header_size_ == 0) {
    return std::nullopt;
  }
  packet.bytes_ = datagram;
  if (packet.has_extension()) {
    const std::size_t head = kFixedHeaderSize + std::size_t{4} * (datagram[0] & 0x0FU);
    packet.extension_profile_ = load_u16(datagram.data() + head);
    packet.extension_size_ = packet.header_size_ - head - 4;
  }
  const std::size_t body = datagram.size() - packet.header_size_;
  std::size_t padding = 0;
  if ((datagram[0] & 0x20) != 0) {
    padding = body == 0 ? 0 : datagram.back();
    if (padding == 0 || padding > body) {
      return std::nullopt;
    }
  }
  packet.payload_size_ = body - padding;
  return packet;
}

}  // namespace cardea::rtp
