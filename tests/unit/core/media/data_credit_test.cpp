#include "core/media/data_credit.hpp"

#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea::media;  // NOLINT: the folder under test

DataMessage message_of(std::size_t size) { return {"chat", "", false, std::string(size, 'x')}; }

void nothing_is_sent_before_the_channels_are_up(void**) {
  DataCredit credit(1000);
  assert_true(credit.spend(message_of(1)) == DataSent::NoChannel);
  credit.up();
  assert_true(credit.spend(message_of(1)) == DataSent::Queued);
  credit.down();
  assert_true(credit.spend(message_of(1)) == DataSent::NoChannel);
}

void the_remote_says_how_large_a_message_may_be(void**) {
  DataCredit credit(1000);
  credit.up();
  assert_true(credit.spend(message_of(1000)) == DataSent::Queued);
  assert_true(credit.spend(message_of(1001)) == DataSent::TooBig);
  DataMessage long_label = message_of(1);
  long_label.label.assign(cardea::sctp::kMaxLabel + 1, 'l');
  assert_true(credit.spend(long_label) == DataSent::TooBig);
}

void a_full_queue_refuses_and_tells_once_when_there_is_room(void**) {
  DataCredit credit(100'000);
  credit.up();
  std::size_t queued = 0;
  while (credit.spend(message_of(100'000)) == DataSent::Queued) {
    queued += cost_of(message_of(100'000).payload);
  }
  assert_in_range(queued, DataCredit::kMaxQueued / 2, DataCredit::kMaxQueued);
  assert_true(credit.spend(message_of(100'000)) == DataSent::Full);
  assert_false(credit.sent_on(queued / 4));
  assert_true(credit.sent_on(queued - queued / 4));
  assert_false(credit.sent_on(0));
  assert_true(credit.spend(message_of(100'000)) == DataSent::Queued);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_sent_before_the_channels_are_up),
      cmocka_unit_test(the_remote_says_how_large_a_message_may_be),
      cmocka_unit_test(a_full_queue_refuses_and_tells_once_when_there_is_room),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
