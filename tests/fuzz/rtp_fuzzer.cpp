// RTP header, extensions, rewriting and retransmission form: nothing may read
// outside the packet.
#include <array>
#include <cstdlib>
#include <vector>

#include "core/rtp/header_extension.hpp"
#include "core/rtp/rewrite.hpp"

namespace {

cardea::rtp::ExtensionIds all_ids(unsigned first) {
  cardea::rtp::ExtensionIds ids;
  for (unsigned i = 0; i < cardea::rtp::kExtensionKinds; ++i) {
    ids.set(static_cast<cardea::rtp::ExtensionKind>(i), first + i);
  }
  return ids;
}

void check(bool condition) {
  if (!condition) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cardea::rtp::Packet;
  const cardea::Bytes bytes(data, size);
  const auto packet = Packet::parse(bytes);
  if (!packet) {
    return 0;
  }
  check(packet->header_size() + packet->payload().size() <= size);
  std::array<std::uint8_t, 70'000> out{};
  cardea::rtp::Rewrite rewrite;
  rewrite.mid = cardea::rtp::find_text_extension(*packet, 1);
  const auto from = all_ids(1);
  // The second table forces the two-byte form.
  for (const unsigned first : {1U, 40U}) {
    const auto to = all_ids(first);
    const std::size_t header = cardea::rtp::write_header(*packet, rewrite, from, to, out);
    const auto sent = Packet::parse(cardea::Bytes(out).first(header));
    check(sent && sent->header_size() == header && sent->marker() == packet->marker());
    const std::size_t rtx =
        cardea::rtp::write_rtx_packet(*packet, rewrite, packet->seq(), from, to, out);
    const std::size_t restored =
        cardea::rtp::restore_from_rtx(cardea::MutableBytes(out).first(rtx), 1, 2);
    check(rtx == 0 || restored == rtx - 2);
  }
  std::vector<std::uint8_t> copy(data, data + size);
  cardea::rtp::restore_from_rtx(copy, 1, 2);
  return 0;
}
