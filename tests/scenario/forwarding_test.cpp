// Two clients meet in a route: media arrives, loss is repaired, and a seed repeats its trace.
#include "tests/scenario/support/call.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

static void media_arrives_at_the_subscriber_in_order(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(5s);
  const ReceivedStream& audio = call.audio();
  const ReceivedStream& video = call.video();
  assert_in_range(audio.packets, 245, 255);
  assert_in_range(video.packets, 435, 460);
  assert_int_equal(audio.missing(), 0);
  assert_int_equal(video.missing(), 0);
  assert_int_equal(video.duplicates, 0);
  assert_int_equal(video.timestamp_steps_back, 0);
  assert_true(video.keyframes >= 1);
  assert_string_equal(video.last_mid.c_str(), "1");
  assert_int_equal(call.publisher->last_remb(), 10'000'000);
  assert_true(call.subscribers[0]->sender_reports() > 4);
  assert_int_equal(call.subscribers[0]->bad_packets(), 0);
}

static void retransmissions_repair_five_percent_loss(bool rtx) {
  Call call({.seed = 7, .rtx = rtx});
  call.world.network().set_path({0.05, 0, 20ms, 0ms});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(20s);
  const ReceivedStream& video = call.video();
  assert_in_range(video.packets, 1700, 1830);
  // What is still on its way does not count as lost: the last half second is 45 packets.
  assert_true(video.missing() * 1000 <= video.packets * 5);
  assert_true(call.world.counters().retransmissions > 50);
  assert_true(video.duplicates * 100 <= video.packets);
  if (rtx) {
    assert_true(video.repaired > 50);
  }
  // Audio has no NACK here: both legs lose 5 %.
  const ReceivedStream& audio = call.audio();
  assert_in_range(audio.packets, 860, 950);
}

static void rtx_repairs_five_percent_loss(void**) {
  retransmissions_repair_five_percent_loss(true);
}

static void plain_retransmission_repairs_five_percent_loss(void**) {
  retransmissions_repair_five_percent_loss(false);
}

static void reordering_and_copies_are_no_loss(void**) {
  Call call({.seed = 11});
  call.world.network().set_path({0, 0.05, 20ms, 8ms});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(10s);
  const ReceivedStream& video = call.video();
  // A packet delayed beyond the reorder wait is asked for, and then comes twice.
  assert_true(video.duplicates * 50 <= video.packets);
  assert_true(video.missing() <= 2);
  assert_in_range(video.packets, 880, 915);
}

static std::uint64_t trace_of(std::uint64_t seed) {
  Call call({.seed = seed});
  call.world.network().set_path({0.05, 0.01, 15ms, 10ms});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(5s);
  assert_true(call.video().packets > 300);
  return call.world.network().trace();
}

static void the_same_seed_gives_the_same_trace(void**) {
  const std::uint64_t first = trace_of(42);
  assert_true(first == trace_of(42));
  assert_true(first != trace_of(43));
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(media_arrives_at_the_subscriber_in_order),
      cmocka_unit_test(rtx_repairs_five_percent_loss),
      cmocka_unit_test(plain_retransmission_repairs_five_percent_loss),
      cmocka_unit_test(reordering_and_copies_are_no_loss),
      cmocka_unit_test(the_same_seed_gives_the_same_trace),
  };
  return cmocka_run_group_tests_name("scenario/forwarding", tests, nullptr, nullptr);
}
