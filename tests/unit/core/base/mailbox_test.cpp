// Order, bound and wake-up of the mailbox, from one thread and from many.
#include "core/base/mailbox.hpp"

#include <array>
#include <memory>
#include <thread>

#include <poll.h>

#include "tests/support/cmocka.hpp"

using cardea::Mailbox;

namespace {

constexpr int kSenders = 4;
constexpr int kEach = 5000;

struct Fixture {
  Mailbox<int> mailbox{std::size_t{kSenders} * kEach};
  std::array<std::thread, kSenders> senders;
};

int make(void** state) {
  *state = new Fixture;
  return 0;
}

int destroy(void** state) {
  auto* fixture = static_cast<Fixture*>(*state);
  for (std::thread& sender : fixture->senders) {
    if (sender.joinable()) {
      sender.join();
    }
  }
  delete fixture;
  return 0;
}

bool readable(int fd, int wait_ms = 0) {
  pollfd ready{fd, POLLIN, 0};
  return poll(&ready, 1, wait_ms) == 1;
}

void messages_come_in_order_and_the_descriptor_says_when(void**) {
  Mailbox<std::unique_ptr<int>> mailbox(10);
  assert_false(readable(mailbox.fd()));
  assert_true(mailbox.post(std::make_unique<int>(1)));
  assert_true(mailbox.post(std::make_unique<int>(2)));
  assert_true(readable(mailbox.fd()));
  const auto taken = mailbox.take_all();
  assert_int_equal(taken.size(), 2);
  assert_int_equal(*taken[0], 1);
  assert_int_equal(*taken[1], 2);
  assert_false(readable(mailbox.fd()));
  assert_true(mailbox.take_all().empty());
}

void a_full_mailbox_refuses_until_it_is_emptied(void**) {
  Mailbox<int> mailbox(2);
  assert_true(mailbox.post(1));
  assert_true(mailbox.post(2));
  assert_false(mailbox.post(3));
  assert_int_equal(mailbox.take_all().size(), 2);
  assert_true(mailbox.post(4));
}

void nothing_is_lost_between_many_senders(void** state) {
  auto& fixture = *static_cast<Fixture*>(*state);
  for (int sender = 0; sender < kSenders; ++sender) {
    fixture.senders[static_cast<std::size_t>(sender)] = std::thread([&fixture, sender] {
      for (int i = 0; i < kEach; ++i) {
        fixture.mailbox.post(sender * kEach + i);
      }
    });
  }
  std::array<int, kSenders> next{};
  int received = 0;
  while (received < kSenders * kEach && readable(fixture.mailbox.fd(), 5000)) {
    for (const int message : fixture.mailbox.take_all()) {
      const auto sender = static_cast<std::size_t>(message / kEach);
      assert_int_equal(message % kEach, next[sender]);
      ++next[sender];
      ++received;
    }
  }
  assert_int_equal(received, kSenders * kEach);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(messages_come_in_order_and_the_descriptor_says_when),
      cmocka_unit_test(a_full_mailbox_refuses_until_it_is_emptied),
      cmocka_unit_test_setup_teardown(nothing_is_lost_between_many_senders, make, destroy),
  };
  return cmocka_run_group_tests_name("base/mailbox", tests, nullptr, nullptr);
}
