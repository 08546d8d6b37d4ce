// The parts of the congestion control one by one; tests/scenario/congestion_test.cpp has the whole.
#include "core/peer/bwe/bandwidth_estimator.hpp"

#include <vector>

#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea;                // NOLINT: the folder under test
using namespace cardea::peer;          // NOLINT
using namespace std::chrono_literals;  // NOLINT: 10ms reads better
using rtp::PacketResult;

constexpr Time kStart{1000s};

void meters_a_rate_after_a_while_and_after_a_pause(void**) {
  RateMeter meter;
  assert_false(meter.rate().has_value());
  Time now = kStart;
  for (; now < kStart + 2s; now += 5ms) {
    meter.add(now, 625);
  }
  assert_in_range(*meter.rate(), 990'000, 1'010'000);
  assert_in_range(*meter.rate(250ms), 990'000, 1'010'000);
  meter.add(now + 10s, 625);
  assert_false(meter.rate().has_value());
}

void groups_what_leaves_and_what_arrives_together(void**) {
  ArrivalGroups groups;
  // Three packets of one frame, then one 30 ms later, then one that ends its group.
  assert_false(groups.add(kStart, kStart + 20ms).has_value());
  assert_false(groups.add(kStart + 1ms, kStart + 21ms).has_value());
  assert_false(groups.add(kStart + 4ms, kStart + 22ms).has_value());
  assert_false(groups.add(kStart + 34ms, kStart + 60ms).has_value());
  const auto delta = groups.add(kStart + 64ms, kStart + 90ms);
  assert_true(delta.has_value());
  assert_true(delta->sent == 30ms);
  assert_true(delta->arrived == 38ms);
  assert_true(delta->variation() == 8ms);
  // Held up, then all at once: one group (draft-ietf-rmcat-gcc-02 5.2).
  assert_true(groups.add(kStart + 94ms, kStart + 200ms).has_value());
  assert_false(groups.add(kStart + 124ms, kStart + 201ms).has_value());
  assert_false(groups.add(kStart + 154ms, kStart + 202ms).has_value());
}

DelaySignal detect(Duration growth_per_group, int groups) {
  DelayDetector detector;
  Time arrival = kStart;
  for (int i = 0; i < groups; ++i) {
    arrival += 30ms + growth_per_group;
    detector.add({30ms, 30ms + growth_per_group, arrival});
  }
  return detector.signal();
}

void a_growing_delay_is_overuse_and_a_falling_one_underuse(void**) {
  assert_true(detect(0ms, 60) == DelaySignal::Normal);
  assert_true(detect(3ms, 60) == DelaySignal::Overuse);
  assert_true(detect(-3ms, 60) == DelaySignal::Underuse);
  // A clock that runs 0.1 % wrong is no queue.
  assert_true(detect(30us, 600) == DelaySignal::Normal);
}

void a_queue_stands_where_even_the_fastest_packet_waits(void**) {
  QueueDelay queue;
  Time now = kStart;
  for (int i = 0; i < 200; ++i, now += 10ms) {
    queue.add(5s + (i % 3) * 15ms, now);  // jitter
  }
  assert_true(queue.standing() == 0ms);
  for (int i = 0; i < 100; ++i, now += 10ms) {
    queue.add(5s + 80ms + (i % 3) * 15ms, now);
  }
  assert_true(queue.standing() == 80ms);
  queue.accept();
  assert_true(queue.standing() == 0ms);
}

RateControl::Input input(DelaySignal signal, Duration queue, std::uint64_t acked) {
  return {signal, queue, acked, 100ms};
}

void grows_by_8_percent_a_second_but_not_far_beyond_what_is_received(void**) {
  RateControl control({1'000'000, 30'000, 10'000'000});
  for (Time now = kStart; now <= kStart + 5s; now += 100ms) {
    control.update(input(DelaySignal::Normal, 0ms, control.rate()), now);
  }
  assert_in_range(control.rate(), 1'460'000, 1'480'000);
  const std::uint64_t before = control.rate();
  for (Time now = kStart + 5s; now <= kStart + 30s; now += 100ms) {
    control.update(input(DelaySignal::Normal, 0ms, 500'000), now);
  }
  assert_int_equal(control.rate(), before);
}

void backs_off_below_what_was_received_and_then_grows_in_small_steps(void**) {
  RateControl control({2'000'000, 30'000, 10'000'000});
  control.update(input(DelaySignal::Overuse, 50ms, 1'000'000), kStart);
  assert_int_equal(control.rate(), 850'000);
  // Its effect cannot be seen yet.
  control.update(input(DelaySignal::Overuse, 50ms, 700'000), kStart + 100ms);
  assert_int_equal(control.rate(), 850'000);
  for (Time now = kStart + 1s; now <= kStart + 2s; now += 100ms) {
    control.update(input(DelaySignal::Normal, 0ms, 950'000), now);
  }
  // Half a packet per response time of 200 ms: about 24 kbit/s in a second.
  assert_in_range(control.rate(), 860'000, 890'000);
}

void overuse_without_a_queue_only_holds(void**) {
  RateControl control({1'000'000, 30'000, 10'000'000});
  for (Time now = kStart; now <= kStart + 2s; now += 100ms) {
    control.update(input(DelaySignal::Overuse, 5ms, 200'000), now);
  }
  assert_int_equal(control.rate(), 1'000'000);
}

void a_full_queue_without_a_trend_is_overuse_until_it_proves_foreign(void**) {
  RateControl control({1'000'000, 30'000, 10'000'000});
  int until_accepted = 0;
  for (Time now = kStart; !control.take_foreign_queue(); now += 400ms, ++until_accepted) {
    control.update(input(DelaySignal::Normal, 150ms, 800'000), now);
    assert_true(until_accepted < 20);
  }
  assert_true(until_accepted >= 4);
  assert_int_equal(control.rate(), 680'000);
}

void loss_lowers_above_10_percent_only(void**) {
  LossControl low;
  LossControl high;
  for (int i = 0; i < 40; ++i) {
    const Time now = kStart + i * 1s;
    low.sample(0.06, {1'000'000, 950'000, true, 100ms, {}}, now);
    const std::uint64_t rate = std::min<std::uint64_t>(high.bound(), 1'000'000);
    high.sample(0.5, {rate, rate / 2, false, 100ms, {}}, now);
  }
  assert_true(low.bound() == LossControl::kNone);
  assert_in_range(low.fraction() * 1000, 55, 65);
  assert_true(high.bound() < 10'000);
}

// Both have no queue. The one loses 30 % whatever is sent, the other passes 300 kbit/s of it.
void tells_a_bad_radio_from_a_policer(void**) {
  LossControl radio;
  LossControl policer;
  std::uint64_t radio_rate = 1'000'000;
  std::uint64_t policer_rate = 1'000'000;
  for (int i = 0; i < 60; ++i) {
    const Time now = kStart + i * 500ms;
    radio.sample(0.3, {radio_rate, radio_rate * 7 / 10, true, 100ms, {}}, now);
    radio_rate = std::min(radio_rate, radio.bound());
    const std::uint64_t passes = std::min<std::uint64_t>(policer_rate, 300'000);
    const double lost = 1 - static_cast<double>(passes) / static_cast<double>(policer_rate);
    policer.sample(lost, {policer_rate, passes, true, 100ms, {}}, now);
    policer_rate = std::min(policer_rate, policer.bound());
  }
  assert_in_range(radio_rate, 480'000, 600'000);
  assert_in_range(policer_rate, 250'000, 360'000);
}

void counts_a_late_packet_as_not_lost(void**) {
  LossControl loss;
  for (int i = 0; i < 400; ++i) {
    const Time now = kStart + i * 10ms;
    loss.count({.seq = 1, .sent = now, .received = false});
    loss.count({.seq = 1, .sent = now, .received = true, .was_lost = true});
    loss.update({1'000'000, 950'000, true, 100ms, {}}, now);
  }
  assert_true(loss.fraction() < 0.01);
}

void remb_and_receiver_reports_serve_without_other_feedback(void**) {
  BandwidthEstimator estimator({300'000, 30'000, 5'000'000});
  assert_int_equal(estimator.estimate(), 300'000);
  for (int i = 0; i <= 20; ++i) {
    estimator.receiver_report(0, kStart + i * 1s);
  }
  assert_true(estimator.estimate() > 1'000'000);
  estimator.remb(2'000'000);
  assert_int_equal(estimator.estimate(), 2'000'000);
  estimator.remb(1);
  assert_int_equal(estimator.estimate(), 30'000);
  estimator.remb(2'000'000);
  for (int i = 21; i <= 30; ++i) {
    estimator.receiver_report(128, kStart + i * 1s);
  }
  assert_true(estimator.estimate() < 500'000);
}

void a_probe_is_measured_by_what_came_between(void**) {
  // A link of 1 Mbit/s takes 4.8 ms for a packet of 600 bytes.
  for (const Duration gap : {Duration(1ms), Duration(4'800us)}) {
    Prober prober;
    prober.request(1'500'000);
    const Probe* probe = prober.current(kStart);
    assert_non_null(probe);
    const std::uint16_t cluster = probe->cluster;
    std::vector<PacketResult> results;
    Time arrival = kStart + 20ms;
    for (int i = 0; prober.current(kStart) != nullptr; ++i) {
      const Time sent = kStart + i * 3'200us;
      arrival = std::max(arrival + gap, sent + 20ms);
      prober.sent(600, sent);
      results.push_back({.seq = 1,
                         .sent = sent,
                         .arrived = arrival,
                         .size = 600,
                         .probe_cluster = cluster,
                         .received = true});
    }
    for (const PacketResult& result : results) {
      assert_false(prober.take_result(kStart + 100ms).has_value());
      prober.result(result);
    }
    const auto result = prober.take_result(kStart + 100ms);
    assert_true(result.has_value());
    assert_int_equal(result->probed, 1'500'000);
    const std::uint64_t want = gap == 1ms ? 1'500'000 : 950'000;
    assert_in_range(result->measured, want * 97 / 100, want * 103 / 100);
    assert_true(prober.idle());
  }
}

void a_probe_that_nobody_sends_or_tells_of_is_given_up(void**) {
  Prober prober;
  prober.request(900'000);
  prober.request(1'800'000);
  assert_int_equal(prober.current(kStart)->bitrate, 900'000);
  assert_int_equal(prober.current(kStart + 1100ms)->bitrate, 1'800'000);
  prober.sent(100'000, kStart + 1200ms);
  assert_null(prober.current(kStart + 1300ms));
  assert_false(prober.idle());
  assert_null(prober.current(kStart + 2300ms));
  assert_true(prober.idle());
}

void begins_with_probes_of_three_and_six_times_the_start(void**) {
  BandwidthEstimator estimator({300'000, 30'000, 5'000'000});
  estimator.poll(kStart);
  const Probe* first = estimator.probe(kStart);
  assert_int_equal(first->bitrate, 900'000);
  estimator.sent(first->bytes, first->cluster, kStart);
  assert_null(estimator.probe(kStart));
  assert_int_equal(estimator.probe(kStart + 1100ms)->bitrate, 1'800'000);
  // No more is probed than the application can use.
  BandwidthEstimator modest({300'000, 30'000, 5'000'000});
  modest.set_wanted(400'000);
  modest.poll(kStart);
  assert_int_equal(modest.probe(kStart)->bitrate, 600'000);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(meters_a_rate_after_a_while_and_after_a_pause),
      cmocka_unit_test(groups_what_leaves_and_what_arrives_together),
      cmocka_unit_test(a_growing_delay_is_overuse_and_a_falling_one_underuse),
      cmocka_unit_test(a_queue_stands_where_even_the_fastest_packet_waits),
      cmocka_unit_test(grows_by_8_percent_a_second_but_not_far_beyond_what_is_received),
      cmocka_unit_test(backs_off_below_what_was_received_and_then_grows_in_small_steps),
      cmocka_unit_test(overuse_without_a_queue_only_holds),
      cmocka_unit_test(a_full_queue_without_a_trend_is_overuse_until_it_proves_foreign),
      cmocka_unit_test(loss_lowers_above_10_percent_only),
      cmocka_unit_test(tells_a_bad_radio_from_a_policer),
      cmocka_unit_test(counts_a_late_packet_as_not_lost),
      cmocka_unit_test(remb_and_receiver_reports_serve_without_other_feedback),
      cmocka_unit_test(a_probe_is_measured_by_what_came_between),
      cmocka_unit_test(a_probe_that_nobody_sends_or_tells_of_is_given_up),
      cmocka_unit_test(begins_with_probes_of_three_and_six_times_the_start),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
