// Writes outgoing RTP headers and converts between packets and their retransmission form.
#include "core/rtp/rewrite.hpp"

#include <cstring>

namespace cardea::rtp {

namespace {

constexpr std::uint8_t kExtensionBit = 0x10;
constexpr std::uint8_t kPaddingBit = 0x20;
// Elements that one packet can carry into the next; more than any sender negotiates.
constexpr std::size_t kMaxElements = 16;

struct Elements {
  std::array<Extension, kMaxElements> items;
  std::size_t count = 0;
  bool two_byte = false;

  void add(std::uint8_t id, Bytes value) {
    if (id == 0 || count == items.size()) {
      return;
    }
    items[count++] = {id, value};
    two_byte = two_byte || id > 14 || value.empty() || value.size() > 16;
  }
};

bool is_written_anew(ExtensionKind kind) {
  switch (kind) {
    case ExtensionKind::Mid:
    case ExtensionKind::Rid:
    case ExtensionKind::RepairedRid:
    case ExtensionKind::AbsSendTime:
    case ExtensionKind::TransportCc:
    // An offset to the sender's own RTP clock: void once we send at another moment.
    case ExtensionKind::TransmissionOffset:
    case ExtensionKind::Unknown:
      return true;
    default:
      return false;
  }
}

std::size_t write_extensions(const Packet& in, const Rewrite& rewrite, const ExtensionIds& from,
                             const ExtensionIds& to, MutableBytes out) {
  Elements elements;
  std::array<std::uint8_t, 3> send_time{};
  std::array<std::uint8_t, 2> transport_seq{};
  if (!rewrite.mid.empty()) {
    elements.add(to.id(ExtensionKind::Mid), as_bytes(rewrite.mid));
  }
  if (const auto id = to.id(ExtensionKind::AbsSendTime); id != 0) {
    store_u24(send_time.data(), rewrite.abs_send_time);
    elements.add(id, send_time);
  }
  if (const auto id = to.id(ExtensionKind::TransportCc); id != 0) {
    store_u16(transport_seq.data(), rewrite.transport_seq);
    elements.add(id, transport_seq);
  }
  std::array<std::uint8_t, 3> playout_delay{};
  const bool own_delay = rewrite.playout_delay != kNoPlayoutDelay;
  if (own_delay) {
    store_u24(playout_delay.data(), rewrite.playout_delay);
    elements.add(to.id(ExtensionKind::PlayoutDelay), playout_delay);
  }
  ExtensionReader reader(in);
  for (Extension element; reader.next(element);) {
    const ExtensionKind kind = from.kind(element.id);
    if (!is_written_anew(kind) && !(own_delay && kind == ExtensionKind::PlayoutDelay)) {
      elements.add(to.id(kind), element.value);
    }
  }
  ExtensionWriter writer(out, elements.two_byte);
  for (std::size_t i = 0; i < elements.count; ++i) {
    writer.add(elements.items[i].id, elements.items[i].value);
  }
  return writer.finish();
}

}  // namespace

std::size_t write_header(const Packet& in, const Rewrite& rewrite, const ExtensionIds& from,
                         const ExtensionIds& to, MutableBytes out) {
  if (out.size() < kFixedHeaderSize + 4) {
    return 0;
  }
  const std::size_t extensions =
      write_extensions(in, rewrite, from, to, out.subspan(kFixedHeaderSize));
  out[0] = static_cast<std::uint8_t>(0x80 | (extensions != 0 ? kExtensionBit : 0));
  out[1] = static_cast<std::uint8_t>((in.marker() || rewrite.marker ? 0x80 : 0) |
                                     (rewrite.payload_type & 0x7F));
  store_u16(out.data() + 2, rewrite.seq);
  store_u32(out.data() + 4, rewrite.timestamp);
  store_u32(out.data() + 8, rewrite.ssrc);
  return kFixedHeaderSize + extensions;
}

std::size_t write_rtx_packet(const Packet& in, const Rewrite& rewrite, std::uint16_t original_seq,
                             const ExtensionIds& from, const ExtensionIds& to, MutableBytes out) {
  const std::size_t header = write_header(in, rewrite, from, to, out);
  const Bytes payload = in.payload();
  if (header == 0 || out.size() < header + 2 + payload.size()) {
    return 0;
  }
  store_u16(out.data() + header, original_seq);
  if (!payload.empty()) {
    std::memcpy(out.data() + header + 2, payload.data(), payload.size());
  }
  return header + 2 + payload.size();
}

std::size_t restore_from_rtx(MutableBytes datagram, std::uint32_t ssrc, std::uint8_t payload_type) {
  const auto packet = Packet::parse(datagram);
  if (!packet || packet->payload().size() < 2) {
    return 0;
  }
  const std::size_t header = packet->header_size();
  const std::size_t payload = packet->payload().size() - 2;
  std::uint8_t* p = datagram.data();
  const std::uint16_t original_seq = load_u16(p + header);
  std::memmove(p + header, p + header + 2, payload);
  // Padding belonged to the retransmission and is dropped with it.
  p[0] = static_cast<std::uint8_t>(p[0] & ~kPaddingBit);
  p[1] = static_cast<std::uint8_t>((p[1] & 0x80) | (payload_type & 0x7F));
  store_u16(p + 2, original_seq);
  store_u32(p + 8, ssrc);
  return header + payload;
}

}  // namespace cardea::rtp
