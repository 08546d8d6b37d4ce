// Merging and repeating of key frame requests.
#include "core/media/keyframe_gate.hpp"

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::media;
using namespace std::chrono_literals;

namespace {
constexpr Time kStart{1'000'000us};
}

static void the_first_wish_is_sent_and_the_next_ones_wait(void**) {
  KeyframeGate gate;
  assert_true(gate.want(kStart));
  assert_false(gate.want(kStart + 100ms));
  assert_false(gate.want(kStart + 499ms));
  assert_true(gate.next_deadline() == kStart + 500ms);
  assert_false(gate.poll(kStart + 499ms));
  assert_true(gate.poll(kStart + 500ms));
}

static void a_key_frame_ends_the_asking(void**) {
  KeyframeGate gate;
  gate.want(kStart);
  gate.arrived();
  assert_true(gate.next_deadline() == Time::max());
  assert_false(gate.poll(kStart + 10s));
}

static void a_wish_right_after_a_key_frame_still_keeps_the_distance(void**) {
  KeyframeGate gate;
  gate.want(kStart);
  gate.arrived();
  assert_false(gate.want(kStart + 50ms));
  assert_true(gate.next_deadline() == kStart + 500ms);
  assert_true(gate.poll(kStart + 500ms));
}

static void repeats_slow_down(void**) {
  KeyframeGate gate;
  gate.want(kStart);
  Time now = kStart;
  int asked = 0;
  while (now < kStart + 30s) {
    now += 10ms;
    asked += gate.poll(now) ? 1 : 0;
  }
  assert_in_range(asked, 8, 11);
}

static void storms_get_two_per_second(void**) {
  KeyframeGate gate;
  int asked = 0;
  for (Time now = kStart; now < kStart + 10s; now += 1ms) {
    asked += gate.want(now) ? 1 : 0;
    asked += gate.poll(now) ? 1 : 0;
  }
  assert_in_range(asked, 19, 21);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_first_wish_is_sent_and_the_next_ones_wait),
      cmocka_unit_test(a_key_frame_ends_the_asking),
      cmocka_unit_test(a_wish_right_after_a_key_frame_still_keeps_the_distance),
      cmocka_unit_test(repeats_slow_down),
      cmocka_unit_test(storms_get_two_per_second),
  };
  return cmocka_run_group_tests_name("media/keyframe_gate", tests, nullptr, nullptr);
}
