// Order, cancelling and re-entrance of timers, on virtual time.
#include "core/net/timer_queue.hpp"

#include <string>

#include "tests/support/cmocka.hpp"

using namespace std::chrono_literals;
using cardea::Time;
using cardea::net::TimerId;
using cardea::net::TimerQueue;

namespace {

constexpr Time kStart{};

void due_timers_run_by_deadline_then_by_order(void**) {
  TimerQueue timers;
  std::string ran;
  timers.schedule(kStart + 2ms, [&] { ran += 'c'; });
  timers.schedule(kStart + 1ms, [&] { ran += 'a'; });
  timers.schedule(kStart + 1ms, [&] { ran += 'b'; });
  timers.schedule(kStart + 9ms, [&] { ran += 'z'; });
  assert_true(timers.next_deadline() == kStart + 1ms);
  assert_int_equal(timers.run(kStart), 0);
  assert_int_equal(timers.run(kStart + 2ms), 3);
  assert_string_equal(ran.c_str(), "abc");
  assert_true(timers.next_deadline() == kStart + 9ms);
}

void a_cancelled_timer_does_not_run(void**) {
  TimerQueue timers;
  int ran = 0;
  const TimerId id = timers.schedule(kStart, [&] { ++ran; });
  assert_true(timers.cancel(id));
  assert_false(timers.cancel(id));
  assert_int_equal(timers.run(kStart + 1s), 0);
  assert_int_equal(ran, 0);
  assert_false(timers.next_deadline().has_value());
}

void a_callback_may_cancel_the_next_one(void**) {
  TimerQueue timers;
  int ran = 0;
  TimerId second = 0;
  timers.schedule(kStart, [&] { timers.cancel(second); });
  second = timers.schedule(kStart, [&] { ++ran; });
  assert_int_equal(timers.run(kStart), 1);
  assert_int_equal(ran, 0);
}

void a_timer_that_reschedules_itself_at_once_does_not_spin(void**) {
  TimerQueue timers;
  int ran = 0;
  std::function<void()> again = [&] {
    ++ran;
    timers.schedule(kStart, again);
  };
  timers.schedule(kStart, again);
  timers.schedule(kStart + 1ms, [&] { ran += 10; });
  assert_int_equal(timers.run(kStart + 1s), 2);
  assert_int_equal(ran, 11);
  assert_int_equal(timers.run(kStart + 1s), 1);
  assert_int_equal(timers.size(), 1);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(due_timers_run_by_deadline_then_by_order),
      cmocka_unit_test(a_cancelled_timer_does_not_run),
      cmocka_unit_test(a_callback_may_cancel_the_next_one),
      cmocka_unit_test(a_timer_that_reschedules_itself_at_once_does_not_spin),
  };
  return cmocka_run_group_tests_name("net/timer_queue", tests, nullptr, nullptr);
}
