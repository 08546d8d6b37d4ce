// Outgoing headers, retransmission form, and unwrapping of numbers.
#include "core/rtp/rewrite.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/rtp/sequence.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;       // NOLINT: the folder under test
using namespace cardea::rtp;  // NOLINT

// One CSRC, extensions mid (1), rid (2), audio level (3), orientation (5),
// payload "abc".
const std::vector<std::uint8_t> kIncoming = {
    0x91, 0x80 | 96, 0, 5, 0,    0,   0,    7,   0,    0,    0,    1, 9,   9,   9,  9,  // header
    0xBE, 0xDE,      0, 2, 0x10, 'x', 0x20, 'h', 0x30, 0x85, 0x50, 1, 'a', 'b', 'c'};

ExtensionIds incoming_ids() {
  ExtensionIds ids;
  ids.set(ExtensionKind::Mid, 1);
  ids.set(ExtensionKind::Rid, 2);
  ids.set(ExtensionKind::AudioLevel, 3);
  ids.set(ExtensionKind::VideoOrientation, 5);
  return ids;
}

Rewrite make_rewrite() {
  Rewrite rewrite;
  rewrite.ssrc = 0xAABBCCDD;
  rewrite.timestamp = 1234;
  rewrite.seq = 77;
  rewrite.payload_type = 100;
  rewrite.mid = "out";
  return rewrite;
}

void maps_extension_ids_and_drops_what_was_not_negotiated(void**) {
  const auto in = Packet::parse(kIncoming);
  ExtensionIds to;
  to.set(ExtensionKind::Mid, 9);
  to.set(ExtensionKind::Rid, 10);
  to.set(ExtensionKind::AudioLevel, 1);
  std::array<std::uint8_t, kMaxOutgoingHeader> out{};
  const std::size_t size = write_header(*in, make_rewrite(), incoming_ids(), to, out);
  const auto sent = Packet::parse(Bytes(out).first(size));
  assert_true(sent.has_value());
  assert_int_equal(sent->header_size(), size);
  assert_true(sent->marker());
  assert_int_equal(sent->ssrc(), 0xAABBCCDD);
  assert_int_equal(sent->seq(), 77);
  assert_int_equal(sent->timestamp(), 1234);
  assert_int_equal(sent->payload_type(), 100);
  assert_true(find_text_extension(*sent, 9) == "out");
  assert_int_equal((*find_extension(*sent, 1))[0], 0x85);
  assert_false(find_extension(*sent, 10).has_value());
  assert_false(find_extension(*sent, 5).has_value());
}

void writes_a_bare_header_when_nothing_was_negotiated(void**) {
  const auto in = Packet::parse(kIncoming);
  std::array<std::uint8_t, kMaxOutgoingHeader> out{};
  assert_int_equal(write_header(*in, make_rewrite(), incoming_ids(), {}, out), kFixedHeaderSize);
  assert_int_equal(out[0], 0x80);
  assert_int_equal(
      write_header(*in, make_rewrite(), incoming_ids(), {}, MutableBytes(out).first(8)), 0);
}

void uses_two_byte_form_for_a_long_mid(void**) {
  const auto in = Packet::parse(kIncoming);
  ExtensionIds to;
  to.set(ExtensionKind::Mid, 9);
  to.set(ExtensionKind::TransportCc, 3);
  Rewrite rewrite = make_rewrite();
  rewrite.mid = "a-mid-of-more-than-sixteen-bytes";
  rewrite.transport_seq = 0x0102;
  std::array<std::uint8_t, kMaxOutgoingHeader> out{};
  const std::size_t size = write_header(*in, rewrite, incoming_ids(), to, out);
  const auto sent = Packet::parse(Bytes(out).first(size));
  assert_true(find_text_extension(*sent, 9) == rewrite.mid);
  assert_int_equal(load_u16(find_extension(*sent, 3)->data()), 0x0102);
}

void an_own_playout_delay_is_written(void**) {
  const auto in = Packet::parse(kIncoming);
  ExtensionIds to;
  to.set(ExtensionKind::PlayoutDelay, 7);
  Rewrite rewrite = make_rewrite();
  rewrite.playout_delay = (80U << 12U) | 100U;  // 0.8 s to 1 s
  std::array<std::uint8_t, kMaxOutgoingHeader> out{};
  const std::size_t size = write_header(*in, rewrite, incoming_ids(), to, out);
  const auto sent = Packet::parse(Bytes(out).first(size));
  const auto delay = find_extension(*sent, 7);
  assert_true(delay.has_value());
  assert_int_equal(delay->size(), 3);
  assert_int_equal((*delay)[0], 5);
  assert_int_equal((*delay)[1], 0);
  assert_int_equal((*delay)[2], 100);
}

void a_retransmission_becomes_the_original_again(void**) {
  const auto in = Packet::parse(kIncoming);
  ExtensionIds to;
  to.set(ExtensionKind::Mid, 9);
  std::array<std::uint8_t, 400> out{};
  const std::size_t size = write_rtx_packet(*in, make_rewrite(), 4242, incoming_ids(), to, out);
  assert_true(size != 0);
  const std::size_t restored = restore_from_rtx(MutableBytes(out).first(size), 55, 96);
  assert_int_equal(restored, size - 2);
  const auto packet = Packet::parse(Bytes(out).first(restored));
  assert_int_equal(packet->seq(), 4242);
  assert_int_equal(packet->ssrc(), 55);
  assert_int_equal(packet->payload_type(), 96);
  assert_true(as_text(packet->payload()) == "abc");
  std::array<std::uint8_t, 13> probe{0x80, 97};
  assert_int_equal(restore_from_rtx(probe, 55, 96), 0);
}

void unwraps_over_the_wrap_both_ways(void**) {
  SeqUnwrapper seq;
  const std::uint64_t first = seq.unwrap(65534);
  assert_int_equal(seq.unwrap(1), first + 3);
  assert_int_equal(seq.unwrap(65535), first + 1);
  assert_int_equal(seq.unwrap(2), first + 4);
  SeqUnwrapper early;
  const std::uint64_t start = early.unwrap(0);
  assert_int_equal(early.unwrap(65535), start - 1);
  assert_true(is_newer<std::uint16_t>(3, 65530));
  assert_int_equal((distance<std::uint16_t>(65535, 1)), 2);
  TimestampUnwrapper timestamps;
  const std::uint64_t t = timestamps.unwrap(0xFFFFFFFF);
  assert_int_equal(timestamps.unwrap(89), t + 90);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(maps_extension_ids_and_drops_what_was_not_negotiated),
      cmocka_unit_test(writes_a_bare_header_when_nothing_was_negotiated),
      cmocka_unit_test(uses_two_byte_form_for_a_long_mid),
      cmocka_unit_test(an_own_playout_delay_is_written),
      cmocka_unit_test(a_retransmission_becomes_the_original_again),
      cmocka_unit_test(unwraps_over_the_wrap_both_ways),
  };
  return cmocka_run_group_tests_name("rtp/rewrite", tests, nullptr, nullptr);
}
