// The replay window, also against a plain set.
#include "core/srtp/replay_window.hpp"

#include <set>

#include "tests/support/cmocka.hpp"

namespace {

using cardea::srtp::ReplayWindow;

void refuses_what_it_has_seen_and_what_is_too_old(void**) {
  ReplayWindow window;
  assert_true(window.is_new(5000));
  window.commit(5000);
  assert_false(window.is_new(5000));
  assert_true(window.is_new(5001));
  assert_true(window.is_new(5000 - 1023));
  assert_false(window.is_new(5000 - 1024));
  window.commit(5000 - 1023);
  assert_false(window.is_new(5000 - 1023));
}

void takes_jumps_of_any_size(void**) {
  for (const std::uint64_t jump : {1, 63, 64, 65, 1023, 1024, 1025, 100000}) {
    ReplayWindow window;
    window.commit(10000);
    window.commit(10000 + jump);
    assert_false(window.is_new(10000 + jump));
    assert_false(window.is_new(10000));
    for (std::uint64_t i = 1; i < jump && i < ReplayWindow::kSize; ++i) {
      assert_true(window.is_new(10000 + jump - i));
    }
  }
}

void agrees_with_a_set_over_a_random_walk(void**) {
  ReplayWindow window;
  std::set<std::uint64_t> seen;
  std::uint64_t random = 12345;
  std::uint64_t centre = 70000;
  for (int i = 0; i < 50000; ++i) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    centre += (random >> 60) % 3;
    const std::uint64_t index = centre + (random >> 33) % 1500 - 1200;
    const std::uint64_t highest = seen.empty() ? 0 : *seen.rbegin();
    const bool expected =
        (seen.empty() || index > highest || highest - index < 1024) && seen.count(index) == 0;
    assert_true(window.is_new(index) == expected);
    if (expected) {
      window.commit(index);
      seen.insert(index);
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(refuses_what_it_has_seen_and_what_is_too_old),
      cmocka_unit_test(takes_jumps_of_any_size),
      cmocka_unit_test(agrees_with_a_set_over_a_random_walk),
  };
  return cmocka_run_group_tests_name("srtp/replay_window", tests, nullptr, nullptr);
}
