// What a received SSRC lets through: retransmissions that were asked for, each number once.
#include "core/peer/receive_stream.hpp"

#include <array>

#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;
using namespace std::chrono_literals;

constexpr std::uint32_t kSsrc = 4711;

/// A stream, and packets for it as they come.
struct Incoming {
  explicit Incoming(bool nack) : stream({0, 0, kSsrc, 3}, 90'000, nack) {}

  std::optional<std::uint64_t> packet(std::uint16_t seq, bool repaired = false) {
    store_u16(bytes.data() + 2, seq);
    store_u32(bytes.data() + 4, seq * 3000U);
    store_u32(bytes.data() + 8, kSsrc);
    now += 5ms;
    return stream.received(*rtp::Packet::parse(bytes), repaired, now);
  }
  std::optional<std::uint64_t> rtx(std::uint16_t seq) { return packet(seq, true); }
  /// How many numbers are asked for.
  std::size_t asked() { return stream.poll_nack(now + 20ms).size(); }

  peer::ReceiveStream stream;
  std::array<std::uint8_t, 20> bytes{0x80, 96};
  Time now{1s};
};

}  // namespace

static void a_forged_retransmission_spends_no_number(void**) {
  Incoming in(true);
  const auto first = in.packet(100);
  assert_true(first.has_value());
  assert_true(in.packet(103).has_value());
  // Of a number that came, of one that was never sent, and far away in both directions.
  for (const int seq : {100, 103, 104, 99, 30'000, 40'000}) {
    assert_false(in.rtx(static_cast<std::uint16_t>(seq)).has_value());
  }
  assert_int_equal(*in.packet(104), *first + 4);
  // What is missing goes on once, whichever way it comes.
  assert_int_equal(*in.rtx(101), *first + 1);
  assert_false(in.rtx(101).has_value());
  assert_false(in.packet(101).has_value());
  assert_int_equal(*in.packet(102), *first + 2);
  assert_false(in.rtx(102).has_value());
}

static void without_nack_no_retransmission_is_taken(void**) {
  Incoming in(false);
  assert_true(in.packet(100).has_value());
  assert_true(in.packet(102).has_value());
  assert_false(in.rtx(101).has_value());
  assert_int_equal(in.asked(), 0);
  assert_true(in.packet(101).has_value());
}

static void nack_that_is_renegotiated_on_begins_with_the_next_packet(void**) {
  Incoming in(false);
  const auto first = in.packet(100);
  assert_true(in.packet(110).has_value());
  in.stream.set_nack(true);
  assert_int_equal(*in.packet(111), *first + 11);
  assert_int_equal(in.asked(), 0);
  assert_true(in.packet(113).has_value());
  assert_int_equal(in.asked(), 1);
  assert_int_equal(*in.rtx(112), *first + 12);
}

static void nack_that_is_renegotiated_off_asks_for_nothing_more(void**) {
  Incoming in(true);
  const auto first = in.packet(100);
  assert_true(in.packet(103).has_value());
  in.stream.set_nack(false);
  assert_int_equal(in.asked(), 0);
  assert_false(in.stream.next_nack().has_value());
  assert_false(in.stream.take_gave_up());
  assert_false(in.rtx(101).has_value());
  assert_int_equal(*in.packet(102), *first + 2);
  assert_int_equal(*in.packet(104), *first + 4);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_forged_retransmission_spends_no_number),
      cmocka_unit_test(without_nack_no_retransmission_is_taken),
      cmocka_unit_test(nack_that_is_renegotiated_on_begins_with_the_next_packet),
      cmocka_unit_test(nack_that_is_renegotiated_off_asks_for_nothing_more),
  };
  return cmocka_run_group_tests_name("peer/receive_stream", tests, nullptr, nullptr);
}
