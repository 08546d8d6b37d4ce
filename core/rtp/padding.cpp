// A header, and padding whose last byte is its length (RFC 3550 5.1).
#include "core/rtp/padding.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace cardea::rtp {

namespace {

constexpr std::uint8_t kPaddingBit = 0x20;
constexpr std::array<std::uint8_t, kFixedHeaderSize> kNothing = {0x80};

}  // namespace

std::size_t write_padding_packet(const Rewrite& rewrite, const ExtensionIds& to,
                                 std::size_t padding, MutableBytes out) {
  const auto nothing = Packet::parse(kNothing);
  const std::size_t header = nothing ? write_header(*nothing, rewrite, to, to, out) : 0;
  padding = std::clamp<std::size_t>(padding, 1, kMaxPadding);
  if (header == 0 || out.size() < header + padding) {
    return 0;
  }
  out[0] |= kPaddingBit;
  std::memset(out.data() + header, 0, padding);
  out[header + padding - 1] = static_cast<std::uint8_t>(padding);
  return header + padding;
}

}  // namespace cardea::rtp
