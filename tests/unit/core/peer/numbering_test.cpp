// One numbering over layers left out, late packets and changes of the source.
#include "core/peer/numbering.hpp"

#include <array>

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::peer;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kClock = 90'000;

SourcePacket packet(std::uint64_t seq, std::uint16_t picture = 0, std::uint32_t epoch = 1) {
  static const std::array<std::uint8_t, 12> kHeader{0x80};
  SourcePacket out{*rtp::Packet::parse(kHeader), seq, 0, epoch, 0, false, rtp::Codec::Vp8};
  out.frame.starts = true;
  out.frame.has_picture_id = true;
  out.frame.picture_id = picture;
  return out;
}

std::optional<Numbering::Numbers> send(Numbering& numbering, const SourcePacket& in) {
  const auto numbers = numbering.number(in, kClock, Time(1s));
  if (numbers) {
    numbering.commit(in, *numbers, Time(1s));
  }
  return numbers;
}

}  // namespace

static void what_is_left_out_leaves_no_gap(void**) {
  Numbering numbering;
  const auto first = send(numbering, packet(10, 100));
  numbering.leave_out(packet(11, 101));
  const auto second = send(numbering, packet(12, 102));
  numbering.leave_out(packet(13, 103));
  numbering.leave_out(packet(14, 104));
  const auto third = send(numbering, packet(15, 105));
  assert_false(first->moves_picture);
  assert_int_equal(second->seq, first->seq + 1);
  assert_int_equal(second->picture_id, 101);
  assert_true(second->moves_picture);
  assert_int_equal(third->seq, first->seq + 2);
  assert_int_equal(third->picture_id, 102);
}

static void a_late_packet_gets_the_number_that_waits_for_it(void**) {
  Numbering numbering;
  const auto first = send(numbering, packet(10, 100));
  numbering.leave_out(packet(11, 101));
  const auto behind = send(numbering, packet(13, 103));
  numbering.leave_out(packet(14, 104));
  const auto late = send(numbering, packet(12, 102));
  assert_int_equal(behind->seq, first->seq + 2);
  assert_int_equal(late->seq, first->seq + 1);
  assert_int_equal(late->picture_id, 101);
  // Once and never again: the number is a nonce.
  assert_false(send(numbering, packet(12, 102)).has_value());
  // A packet left out that comes late changes nothing.
  numbering.leave_out(packet(11, 101));
  assert_int_equal(send(numbering, packet(15, 105))->seq, first->seq + 3);
}

static void another_source_goes_on_behind_the_last(void**) {
  Numbering numbering;
  send(numbering, packet(10, 100));
  const auto last = send(numbering, packet(11, 101));
  numbering.restart();
  const auto next = send(numbering, packet(7'000, 30'000, 2));
  assert_int_equal(next->seq, last->seq + 1);
  assert_int_equal(next->picture_id, 102);
  assert_int_equal(send(numbering, packet(7'001, 30'001, 2))->picture_id, 103);
  assert_false(send(numbering, packet(6'999, 29'999, 2)).has_value());
}

static void too_old_to_know_is_refused(void**) {
  Numbering numbering;
  send(numbering, packet(10));
  for (std::uint64_t seq = 12; seq < 400; ++seq) {
    numbering.leave_out(packet(seq));
  }
  assert_true(send(numbering, packet(400)).has_value());
  assert_false(send(numbering, packet(11)).has_value());
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(what_is_left_out_leaves_no_gap),
      cmocka_unit_test(a_late_packet_gets_the_number_that_waits_for_it),
      cmocka_unit_test(another_source_goes_on_behind_the_last),
      cmocka_unit_test(too_old_to_know_is_refused),
  };
  return cmocka_run_group_tests_name("peer/numbering", tests, nullptr, nullptr);
}
