// Packets of padding alone.
#include "core/rtp/padding.hpp"

#include <array>

#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;       // NOLINT: the folder under test
using namespace cardea::rtp;  // NOLINT

void is_a_good_packet_without_payload(void**) {
  ExtensionIds ids;
  ids.set(ExtensionKind::TransportCc, 5);
  Rewrite rewrite;
  rewrite.ssrc = 77;
  rewrite.seq = 1000;
  rewrite.payload_type = 97;
  rewrite.transport_seq = 0xABCD;
  for (const std::size_t padding : {1U, 200U, 255U, 1000U}) {
    std::array<std::uint8_t, 400> out;
    out.fill(0xEE);
    const std::size_t size = write_padding_packet(rewrite, ids, padding, out);
    const auto packet = Packet::parse(Bytes(out).first(size));
    assert_true(packet.has_value());
    assert_int_equal(packet->ssrc(), 77);
    assert_int_equal(packet->seq(), 1000);
    assert_int_equal(packet->payload_type(), 97);
    assert_true(packet->payload().empty());
    assert_int_equal(size - packet->header_size(), padding > 255 ? 255 : padding);
    const auto value = find_extension(*packet, 5);
    assert_true(value.has_value());
    assert_int_equal(load_u16(value->data()), 0xABCD);
    // As a retransmission it repeats nothing.
    assert_int_equal(restore_from_rtx(MutableBytes(out).first(size), 1, 96), 0);
  }
}

void needs_its_space(void**) {
  std::array<std::uint8_t, 100> out{};
  assert_int_equal(write_padding_packet({}, {}, 89, out), 0);
  assert_int_equal(write_padding_packet({}, {}, 88, out), 100);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(is_a_good_packet_without_payload),
      cmocka_unit_test(needs_its_space),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
