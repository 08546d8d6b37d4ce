// NACK books on virtual time.
#include "core/rtp/nack_tracker.hpp"

#include "tests/support/cmocka.hpp"

namespace {

using cardea::Time;
using cardea::rtp::NackTracker;
using namespace std::chrono_literals;  // NOLINT: 10ms reads better

constexpr Time kStart{1s};

void asks_for_a_lost_packet_after_the_reorder_wait(void**) {
  NackTracker nack;
  nack.received(100, kStart);
  nack.received(102, kStart);
  assert_true(nack.poll(kStart + 9ms).empty());
  assert_true(nack.next_deadline() == kStart + 10ms);
  const auto ask = nack.poll(kStart + 10ms);
  assert_int_equal(ask.size(), 1);
  assert_int_equal(ask[0], 101);
}

void does_not_ask_for_a_reordered_packet(void**) {
  NackTracker nack;
  nack.received(100, kStart);
  nack.received(102, kStart);
  assert_true(nack.received(101, kStart + 5ms) == NackTracker::Arrival::Recovered);
  assert_true(nack.received(101, kStart + 6ms) == NackTracker::Arrival::Late);
  assert_true(nack.poll(kStart + 50ms).empty());
  assert_false(nack.next_deadline().has_value());
}

void asks_again_once_per_round_trip_and_gives_up(void**) {
  NackTracker nack;
  nack.set_rtt(50ms);
  nack.received(65535, kStart);
  nack.received(65537, kStart);
  int asked = 0;
  for (auto now = kStart; now < kStart + 2s; now += 1ms) {
    asked += static_cast<int>(nack.poll(now).size());
  }
  assert_int_equal(asked, 10);
  assert_true(nack.take_gave_up());
  assert_false(nack.take_gave_up());
  assert_int_equal(nack.missing(), 0);
}

void a_long_hole_wants_a_key_frame_at_once(void**) {
  NackTracker nack;
  nack.received(1000, kStart);
  nack.received(1000 + 600, kStart);
  assert_true(nack.take_gave_up());
  assert_int_equal(nack.missing(), 0);
}

void keeps_a_bounded_table(void**) {
  NackTracker nack;
  for (std::uint64_t seq = 0; seq < 10'000; seq += 2) {
    nack.received(100'000 + seq, kStart);
  }
  assert_int_equal(nack.missing(), 512);
  assert_true(nack.take_gave_up());
}

void a_key_frame_makes_older_losses_pointless(void**) {
  NackTracker nack;
  nack.received(100, kStart);
  nack.received(104, kStart);
  nack.forget_before(103);
  const auto ask = nack.poll(kStart + 10ms);
  assert_int_equal(ask.size(), 1);
  assert_int_equal(ask[0], 103);
}

void a_far_step_back_starts_anew(void**) {
  NackTracker nack;
  nack.received(100'000, kStart);
  assert_true(nack.received(90'000, kStart) == NackTracker::Arrival::InOrder);
  assert_true(nack.received(90'001, kStart) == NackTracker::Arrival::InOrder);
  assert_int_equal(nack.missing(), 0);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(asks_for_a_lost_packet_after_the_reorder_wait),
      cmocka_unit_test(does_not_ask_for_a_reordered_packet),
      cmocka_unit_test(asks_again_once_per_round_trip_and_gives_up),
      cmocka_unit_test(a_long_hole_wants_a_key_frame_at_once),
      cmocka_unit_test(keeps_a_bounded_table),
      cmocka_unit_test(a_key_frame_makes_older_losses_pointless),
      cmocka_unit_test(a_far_step_back_starts_anew),
  };
  return cmocka_run_group_tests_name("rtp/nack_tracker", tests, nullptr, nullptr);
}
