#include "core/sctp/dcep.hpp"

#include "core/base/utf8.hpp"

namespace cardea::sctp {
namespace {

constexpr std::uint8_t kOpen = 0x03;
constexpr std::uint8_t kUnordered = 0x80;
constexpr std::size_t kHead = 12;

}  // namespace

std::optional<ChannelInfo> parse_open(Bytes message) {
  ByteReader reader(message);
  const std::uint8_t type = reader.u8();
  const std::uint8_t channel_type = reader.u8();
  reader.skip(2);  // priority
  const std::uint32_t limit = reader.u32();
  const std::uint16_t label_size = reader.u16();
  const std::uint16_t protocol_size = reader.u16();
  ChannelInfo out;
  out.label = as_text(reader.bytes(label_size));
  out.protocol = as_text(reader.bytes(protocol_size));
  const auto kind = static_cast<std::uint8_t>(channel_type & ~kUnordered);
  if (!reader.ok() || reader.left() != 0 || type != kOpen || kind > 2 || label_size > kMaxLabel ||
      protocol_size > kMaxLabel || !is_utf8(out.label) || !is_utf8(out.protocol)) {
    return std::nullopt;
  }
  out.reliability.kind = static_cast<Reliability::Kind>(kind);
  out.reliability.limit = kind == 0 ? 0 : limit;
  out.reliability.ordered = (channel_type & kUnordered) == 0;
  return out;
}

std::vector<std::uint8_t> write_open(const ChannelInfo& channel) {
  std::vector<std::uint8_t> out(kHead + channel.label.size() + channel.protocol.size());
  ByteWriter writer(out);
  const auto kind = static_cast<std::uint8_t>(channel.reliability.kind);
  writer.u8(kOpen);
  writer.u8(channel.reliability.ordered ? kind : static_cast<std::uint8_t>(kind | kUnordered));
  writer.u16(0);
  writer.u32(channel.reliability.limit);
  writer.u16(static_cast<std::uint16_t>(channel.label.size()));
  writer.u16(static_cast<std::uint16_t>(channel.protocol.size()));
  writer.bytes(as_bytes(channel.label));
  writer.bytes(as_bytes(channel.protocol));
  return out;
}

}  // namespace cardea::sctp
