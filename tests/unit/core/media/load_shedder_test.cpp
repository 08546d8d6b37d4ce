// What a worker leaves out when it cannot keep up.
#include "core/media/load_shedder.hpp"

#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::media;
using namespace std::chrono_literals;

namespace {

struct Worker {
  /// Looks for so long at a buffer filled like that.
  double run(double filled, Duration time) {
    for (const Time end = now + time; now < end; now += LoadShedder::kInterval) {
      shedder.look({filled, dropped}, now);
    }
    return shedder.share();
  }

  LoadShedder shedder;
  Time now{1'000'000us};
  std::uint64_t dropped = 0;
};

}  // namespace

static void nothing_is_shed_while_the_worker_keeps_up(void**) {
  Worker worker;
  assert_true(worker.run(0.2, 10s) == 0);
}

static void a_backlog_is_answered_within_moments(void**) {
  Worker worker;
  // One full look may be a hiccup.
  assert_true(worker.run(0.5, 50ms) == 0);
  assert_true(worker.run(0.5, 50ms) > 0);
  assert_true(worker.run(0.5, 400ms) >= 0.3);
  // All viewers with the least of layers, then without video; never more.
  assert_true(worker.run(1, 20s) == 2);
}

static void dropped_datagrams_count_more(void**) {
  Worker worker;
  Worker dropping;
  dropping.dropped = 1;
  assert_true(dropping.run(0, 50ms) > worker.run(0.5, 50ms));
  // Only what was dropped since the last look.
  const double share = dropping.shedder.share();
  assert_true(dropping.run(0.1, 5s) == share);
}

static void it_is_given_back_slowly(void**) {
  Worker worker;
  const double most = worker.run(0.5, 1s);
  assert_true(worker.run(0, 2s) == most);
  const double later = worker.run(0, 3s);
  assert_true(later < most && later > most - 0.2);
  assert_true(worker.run(0, 60s) == 0);
}

static void a_relapse_stops_giving_back(void**) {
  Worker worker;
  worker.run(0.5, 1s);
  const double before = worker.run(0, 5s);
  const double relapsed = worker.run(0.5, 100ms);
  assert_true(relapsed > before);
  assert_true(worker.run(0, 2s) == relapsed);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_shed_while_the_worker_keeps_up),
      cmocka_unit_test(a_backlog_is_answered_within_moments),
      cmocka_unit_test(dropped_datagrams_count_more),
      cmocka_unit_test(it_is_given_back_slowly),
      cmocka_unit_test(a_relapse_stops_giving_back),
  };
  return cmocka_run_group_tests_name("media/load_shedder", tests, nullptr, nullptr);
}
