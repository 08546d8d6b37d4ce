// Work on the pool, results on the owner's thread, bound and stop of the executor.
#include "core/base/executor.hpp"

#include <atomic>
#include <future>
#include <memory>

#include <poll.h>

#include "tests/support/cmocka.hpp"

using cardea::Executor;

namespace {

struct Fixture {
  std::promise<void> gate;
  std::atomic<int> worked{0};
  std::unique_ptr<Executor> executor = std::make_unique<Executor>(1, 3);
  bool gate_open = false;

  void open_gate() {
    if (!gate_open) {
      gate_open = true;
      gate.set_value();
    }
  }
};

int make(void** state) {
  *state = new Fixture;
  return 0;
}

int destroy(void** state) {
  auto* fixture = static_cast<Fixture*>(*state);
  fixture->open_gate();
  fixture->executor->stop();
  delete fixture;
  return 0;
}

bool readable(int fd) {
  pollfd ready{fd, POLLIN, 0};
  return poll(&ready, 1, 5000) == 1;
}

void work_runs_elsewhere_and_done_runs_in_dispatch(void** state) {
  auto& f = *static_cast<Fixture*>(*state);
  std::thread::id worker;
  bool done = false;
  assert_true(f.executor->run([&] { worker = std::this_thread::get_id(); }, [&] { done = true; }));
  assert_true(readable(f.executor->fd()));
  assert_false(done);
  f.executor->dispatch();
  assert_true(done);
  assert_false(worker == std::this_thread::get_id());
}

void what_is_posted_runs_in_dispatch_although_the_queue_is_full(void** state) {
  auto& f = *static_cast<Fixture*>(*state);
  auto gate = f.gate.get_future().share();
  for (int i = 0; i < 3; ++i) {
    assert_true(f.executor->run([gate] { gate.wait(); }, [] {}));
  }
  assert_false(f.executor->run([] {}, [] {}));
  int posted = 0;
  for (int i = 0; i < 3; ++i) {
    assert_true(f.executor->post([&] { ++posted; }));
  }
  assert_false(f.executor->post([] {}));
  assert_int_equal(posted, 0);
  assert_true(readable(f.executor->fd()));
  f.executor->dispatch();
  assert_int_equal(posted, 3);
}

void a_full_queue_refuses(void** state) {
  auto& f = *static_cast<Fixture*>(*state);
  std::promise<void> started;
  const std::shared_future<void> gate = f.gate.get_future().share();
  assert_true(f.executor->run(
      [&] {
        started.set_value();
        gate.wait();
      },
      [] {}));
  started.get_future().wait();
  const auto count = [&f] { ++f.worked; };
  assert_true(f.executor->run(count, [] {}));
  assert_true(f.executor->run(count, [] {}));
  assert_false(f.executor->run(count, [] {}));
  f.open_gate();
  // The one at the gate and the two that wait are all that fit.
  for (int finished = 0; finished < 3 && readable(f.executor->fd());) {
    f.executor->dispatch();
    finished = f.worked.load() + 1;
  }
  assert_int_equal(f.worked.load(), 2);
}

void a_stopped_executor_refuses(void** state) {
  auto& f = *static_cast<Fixture*>(*state);
  f.executor->stop();
  f.executor->stop();
  assert_false(f.executor->run([] {}, [] {}));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(work_runs_elsewhere_and_done_runs_in_dispatch, make, destroy),
      cmocka_unit_test_setup_teardown(what_is_posted_runs_in_dispatch_although_the_queue_is_full,
                                      make, destroy),
      cmocka_unit_test_setup_teardown(a_full_queue_refuses, make, destroy),
      cmocka_unit_test_setup_teardown(a_stopped_executor_refuses, make, destroy),
  };
  return cmocka_run_group_tests_name("base/executor", tests, nullptr, nullptr);
}
