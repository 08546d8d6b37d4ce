// Report blocks: loss, jitter, times.
#include "core/rtp/receive_stats.hpp"

#include "tests/support/cmocka.hpp"

namespace {

using cardea::Time;
using cardea::rtp::ReceiveStats;
using namespace std::chrono_literals;  // NOLINT: 10ms reads better

constexpr Time kStart{1s};
// What SeqUnwrapper gives for a first sequence number of zero.
constexpr std::uint64_t kFirst = 0x10000;

void reports_the_loss_of_the_interval_and_of_all(void**) {
  ReceiveStats stats(90000);
  assert_false(stats.report(7, kStart).has_value());
  for (std::uint64_t i = 0; i < 100; ++i) {
    if (i % 4 != 1) {
      stats.received(kFirst + i, 0, 1000, kStart);
    }
  }
  const auto first = stats.report(7, kStart);
  assert_int_equal(first->ssrc, 7);
  assert_int_equal(first->fraction_lost, 64);
  assert_int_equal(first->cumulative_lost, 25);
  assert_int_equal(first->highest_seq, 99);
  for (std::uint64_t i = 100; i < 200; ++i) {
    stats.received(kFirst + i, 0, 1000, kStart);
  }
  const auto second = stats.report(7, kStart);
  assert_int_equal(second->fraction_lost, 0);
  assert_int_equal(second->cumulative_lost, 25);
  assert_int_equal(stats.bytes(), 175'000);
}

void duplicates_make_loss_negative_not_huge(void**) {
  ReceiveStats stats(90000);
  for (int i = 0; i < 5; ++i) {
    stats.received(kFirst, 0, 1, kStart);
  }
  const auto block = stats.report(7, kStart);
  assert_int_equal(block->fraction_lost, 0);
  assert_int_equal(block->cumulative_lost, -4);
}

void steady_arrival_has_no_jitter_and_uneven_has(void**) {
  ReceiveStats steady(48000);
  ReceiveStats uneven(48000);
  for (std::uint32_t i = 0; i < 500; ++i) {
    const Time at = kStart + i * 20ms;
    steady.received(kFirst + i, i * 960, 1, at);
    uneven.received(kFirst + i, i * 960, 1, at + (i % 2) * 10ms);
  }
  assert_int_equal(steady.jitter(), 0);
  // 10 ms to and fro settle near 480 units.
  assert_true(uneven.jitter() > 450 && uneven.jitter() < 490);
}

void names_the_last_sender_report(void**) {
  ReceiveStats stats(90000);
  stats.received(kFirst, 0, 1, kStart);
  assert_int_equal(stats.report(7, kStart)->last_sr, 0);
  stats.sender_report(0x1111222233334444, kStart);
  const auto block = stats.report(7, kStart + 500ms);
  assert_int_equal(block->last_sr, 0x22223333);
  assert_int_equal(block->delay_since_last_sr, 32768);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(reports_the_loss_of_the_interval_and_of_all),
      cmocka_unit_test(duplicates_make_loss_negative_not_huge),
      cmocka_unit_test(steady_arrival_has_no_jitter_and_uneven_has),
      cmocka_unit_test(names_the_last_sender_report),
  };
  return cmocka_run_group_tests_name("rtp/receive_stats", tests, nullptr, nullptr);
}
