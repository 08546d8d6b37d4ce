// Descriptors, timers, hooks and stopping of the event loop.
#include "core/net/event_loop.hpp"

#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/mailbox.hpp"
#include "tests/support/cmocka.hpp"

using namespace std::chrono_literals;
using cardea::Duration;
using cardea::Mailbox;
using cardea::Time;
using cardea::net::EventLoop;

namespace {

struct Fixture {
  EventLoop loop;
  int pipe_a[2] = {-1, -1};
  int pipe_b[2] = {-1, -1};
  Mailbox<int> mailbox{1000};
  std::thread thread;
};

int make(void** state) {
  auto* fixture = new Fixture;
  *state = fixture;
  return pipe2(fixture->pipe_a, O_NONBLOCK) + pipe2(fixture->pipe_b, O_NONBLOCK);
}

int destroy(void** state) {
  auto* fixture = static_cast<Fixture*>(*state);
  if (fixture->thread.joinable()) {
    fixture->thread.join();
  }
  for (const int fd :
       {fixture->pipe_a[0], fixture->pipe_a[1], fixture->pipe_b[0], fixture->pipe_b[1]}) {
    close(fd);
  }
  delete fixture;
  return 0;
}

Fixture& of(void** state) { return *static_cast<Fixture*>(*state); }

void a_ready_descriptor_calls_back_until_it_is_removed(void** state) {
  Fixture& f = of(state);
  int called = 0;
  assert_true(f.loop
                  .add(f.pipe_a[0], EPOLLIN,
                       [&](std::uint32_t events) { called += (events & EPOLLIN) != 0 ? 1 : 100; })
                  .ok());
  assert_false(f.loop.add(f.pipe_a[0], EPOLLIN, [](std::uint32_t) {}).ok());
  f.loop.run_once(Duration::zero());
  assert_int_equal(called, 0);
  assert_int_equal(write(f.pipe_a[1], "x", 1), 1);
  f.loop.run_once(1s);
  f.loop.run_once(1s);
  assert_int_equal(called, 2);
  assert_true(f.loop.modify(f.pipe_a[0], 0).ok());
  f.loop.run_once(Duration::zero());
  f.loop.remove(f.pipe_a[0]);
  f.loop.run_once(Duration::zero());
  assert_int_equal(called, 2);
  assert_false(f.loop.modify(f.pipe_a[0], EPOLLIN).ok());
}

void a_descriptor_removed_in_the_same_turn_is_not_called(void** state) {
  Fixture& f = of(state);
  int called = 0;
  const auto watch = [&](int fd, int other) {
    return f.loop.add(fd, EPOLLIN, [&f, &called, fd, other](std::uint32_t) {
      ++called;
      f.loop.remove(other);
      f.loop.remove(fd);
    });
  };
  assert_true(watch(f.pipe_a[0], f.pipe_b[0]).ok());
  assert_true(watch(f.pipe_b[0], f.pipe_a[0]).ok());
  assert_int_equal(write(f.pipe_a[1], "x", 1), 1);
  assert_int_equal(write(f.pipe_b[1], "x", 1), 1);
  f.loop.run_once(1s);
  f.loop.run_once(Duration::zero());
  assert_int_equal(called, 1);
}

void a_bad_descriptor_is_an_error(void** state) {
  assert_false(of(state).loop.add(-1, EPOLLIN, [](std::uint32_t) {}).ok());
}

void timers_run_when_due_and_not_before(void** state) {
  Fixture& f = of(state);
  f.loop.run_once(Duration::zero());
  const Time start = f.loop.now();
  Time ran_at{};
  f.loop.after(20ms, [&] {
    ran_at = f.loop.now();
    f.loop.stop();
  });
  f.loop.run();
  assert_true(ran_at - start >= 20ms);
  assert_true(ran_at - start < 2s);
}

void the_clock_may_be_virtual(void**) {
  Time now{};
  EventLoop loop([&] { return now; });
  bool ran = false;
  loop.after(1h, [&] { ran = true; });
  loop.run_once(Duration::zero());
  assert_false(ran);
  now += 1h;
  loop.run_once(Duration::zero());
  assert_true(ran);
}

void hooks_run_once_per_turn_after_the_callbacks(void** state) {
  Fixture& f = of(state);
  std::string order;
  f.loop.set_end_of_turn([&] { order += 'e'; });
  f.loop.set_turn_observer([&](Duration turn) { order += turn >= 2ms ? 'L' : 's'; });
  f.loop.after(Duration::zero(), [&] {
    order += 't';
    usleep(3000);
  });
  f.loop.run_once(Duration::zero());
  f.loop.run_once(Duration::zero());
  assert_string_equal(order.substr(0, 4).c_str(), "teLe");
}

void another_thread_posts_and_stops(void** state) {
  Fixture& f = of(state);
  int sum = 0;
  assert_true(f.loop
                  .add(f.mailbox.fd(), EPOLLIN,
                       [&](std::uint32_t) {
                         for (const int value : f.mailbox.take_all()) {
                           sum += value;
                         }
                       })
                  .ok());
  f.thread = std::thread([&f] {
    for (int i = 0; i < 100; ++i) {
      f.mailbox.post(1);
    }
    f.loop.stop();
  });
  f.loop.run();
  f.thread.join();
  f.loop.run_once(Duration::zero());
  assert_int_equal(sum, 100);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_ready_descriptor_calls_back_until_it_is_removed, make,
                                      destroy),
      cmocka_unit_test_setup_teardown(a_descriptor_removed_in_the_same_turn_is_not_called, make,
                                      destroy),
      cmocka_unit_test_setup_teardown(a_bad_descriptor_is_an_error, make, destroy),
      cmocka_unit_test_setup_teardown(timers_run_when_due_and_not_before, make, destroy),
      cmocka_unit_test(the_clock_may_be_virtual),
      cmocka_unit_test_setup_teardown(hooks_run_once_per_turn_after_the_callbacks, make, destroy),
      cmocka_unit_test_setup_teardown(another_thread_posts_and_stops, make, destroy),
  };
  return cmocka_run_group_tests_name("net/event_loop", tests, nullptr, nullptr);
}
