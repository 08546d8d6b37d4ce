// Transport-wide feedback to publishers.
#include "tests/scenario/support/call.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

static void a_publisher_is_told_when_its_packets_came(void**) {
  Call call({.transport_cc = true});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(5s);
  const Reported& told = call.publisher->reported();
  assert_int_equal(told.lost, 0);
  // All but what is on its way.
  assert_true(told.arrived + 50 > call.publisher->sent_rtp());
  assert_true(told.least_interval >= 49ms && told.most_interval <= 260ms);
  assert_int_equal(call.world.counters().transport_feedback_out, told.feedbacks);
}

static void a_publisher_is_told_what_was_lost(void**) {
  Call call({.transport_cc = true});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.network().set_path({.loss = 0.1});
  call.world.run_for(10s);
  const Reported& told = call.publisher->reported();
  assert_true(told.arrived > 500);
  const double lost =
      static_cast<double>(told.lost) / static_cast<double>(told.arrived + told.lost);
  assert_true(lost > 0.07 && lost < 0.13);
}

static void feedback_ends_with_the_media(void**) {
  Call call({.transport_cc = true});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(2s);
  call.publisher->stop_source(kAudioIn);
  call.publisher->stop_source(kVideoIn);
  call.world.run_for(1s);
  const std::uint64_t before = call.publisher->reported().feedbacks;
  call.world.run_for(5s);
  assert_int_equal(call.publisher->reported().feedbacks, before);
}

static void the_cap_is_told_beside_it(void**) {
  Call call({.transport_cc = true});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.apply(media::SetSource{{1, 1}, {512'000, 0}});
  call.world.run_for(1500ms);
  assert_in_range(call.publisher->last_remb(), 510'000, 512'000);
  assert_true(call.publisher->reported().feedbacks > 5);
}

static void without_negotiation_nobody_is_told(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.publisher->source(kVideoIn).transport_cc = true;
  call.world.run_for(2s);
  assert_int_equal(call.publisher->reported().feedbacks, 0);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_publisher_is_told_when_its_packets_came),
      cmocka_unit_test(a_publisher_is_told_what_was_lost),
      cmocka_unit_test(feedback_ends_with_the_media),
      cmocka_unit_test(the_cap_is_told_beside_it),
      cmocka_unit_test(without_negotiation_nobody_is_told),
  };
  return cmocka_run_group_tests_name("scenario/transport_cc", tests, nullptr, nullptr);
}
