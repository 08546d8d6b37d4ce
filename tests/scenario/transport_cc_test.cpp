// Transport-wide feedback to publishers, and what that of viewers says.
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

static media::PeerStats stats_of(Simulation& world, media::PeerId id) {
  media::PeerStats out;
  world.apply(media::QueryPeer{id, [&](const std::optional<media::PeerStats>& stats) {
                                 out = stats.value_or(media::PeerStats());
                               }});
  const std::size_t before = world.notices().size();
  world.run_for(1ms);
  for (std::size_t i = before; i < world.notices().size(); ++i) {
    if (const auto* answer = std::get_if<media::Answer>(&world.notices()[i].what)) {
      answer->deliver();
    }
  }
  return out;
}

static void probes_tell_what_a_viewer_can_have(void**) {
  Call call({.transport_cc = true});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(5s);
  const media::PeerStats stats = stats_of(call.world, 2);
  assert_true(stats.estimate >= 3'000'000);
  assert_true(stats.loss < 0.01);
  assert_true(call.world.counters().padding_bytes > 0);
  // Padding is no media.
  assert_int_equal(call.video().missing(), 0);
  assert_int_equal(call.video().duplicates, 0);
  assert_int_equal(call.subscribers[0]->bad_packets(), 0);
  assert_int_equal(stats_of(call.world, 1).estimate, 0);
}

static void a_thin_link_is_seen(void**) {
  Call call({.transport_cc = true});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(3s);
  call.world.network().set_bottleneck(Simulation::client_address(2), 500'000);
  call.world.run_for(3s);
  assert_in_range(stats_of(call.world, 2).estimate, 100'000, 600'000);
  call.world.network().set_bottleneck(Simulation::client_address(2), 0);
  call.world.run_for(15s);
  assert_true(stats_of(call.world, 2).estimate > 800'000);
}

static void an_idle_call_costs_no_time(void**) {
  Call call({.transport_cc = true});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(2s);
  call.publisher->stop_source(kAudioIn);
  call.publisher->stop_source(kVideoIn);
  call.world.run_for(15s);
  const std::uint64_t before = call.world.counters().transport_feedback_in;
  const std::uint64_t padding = call.world.counters().padding_bytes;
  call.world.run_for(10s);
  assert_int_equal(call.world.counters().transport_feedback_in, before);
  assert_int_equal(call.world.counters().padding_bytes, padding);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_publisher_is_told_when_its_packets_came),
      cmocka_unit_test(a_publisher_is_told_what_was_lost),
      cmocka_unit_test(feedback_ends_with_the_media),
      cmocka_unit_test(the_cap_is_told_beside_it),
      cmocka_unit_test(without_negotiation_nobody_is_told),
      cmocka_unit_test(probes_tell_what_a_viewer_can_have),
      cmocka_unit_test(a_thin_link_is_seen),
      cmocka_unit_test(an_idle_call_costs_no_time),
  };
  return cmocka_run_group_tests_name("scenario/transport_cc", tests, nullptr, nullptr);
}
