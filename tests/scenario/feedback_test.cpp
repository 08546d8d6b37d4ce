// RTCP under stress: key frame requests are merged, retransmissions have a budget (threat M7).
#include <algorithm>

#include "tests/scenario/support/call.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

static Duration closest(const std::vector<Time>& times) {
  Duration best = 1h;
  for (std::size_t i = 1; i < times.size(); ++i) {
    best = std::min(best, times[i] - times[i - 1]);
  }
  return best;
}

static void a_storm_of_plis_reaches_the_publisher_twice_a_second(void**) {
  Call call({.subscribers = 20});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(1s);
  const std::size_t before = call.publisher->plis(kVideoIn).size();
  for (int round = 0; round < 100; ++round) {
    for (ClientPeer* subscriber : call.subscribers) {
      subscriber->send_rtcp([](rtp::RtcpWriter& out) { out.pli(7, kVideoOut); }, call.world.now());
    }
    call.world.run_for(50ms);
  }
  const auto& plis = call.publisher->plis(kVideoIn);
  // 2,000 wishes in 5 s.
  assert_in_range(plis.size() - before, 9, 11);
  assert_true(closest(plis) >= 490ms);
  assert_true(call.world.counters().keyframes_wanted >= 2000);
}

static void joining_subscribers_get_a_key_frame_first(void**) {
  Call call({.subscribers = 3});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(2s);
  for (std::size_t i = 0; i < 3; ++i) {
    assert_true(call.video(i).packets > 100);
    assert_int_equal(call.video(i).missing(), 0);
  }
  // A new route on a running source: nothing before the key frame that it causes.
  const std::size_t before = call.publisher->plis(kVideoIn).size();
  call.world.route(99, {1, 1}, {3, 1});
  call.world.run_for(1s);
  assert_int_equal(call.publisher->plis(kVideoIn).size(), before + 1);
  assert_int_equal(call.video(1).missing(), 0);
  assert_int_equal(call.video(1).timestamp_steps_back, 0);
}

static void a_request_is_repeated_until_a_key_frame_comes(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(1s);
  const std::size_t before = call.publisher->plis(kVideoIn).size();
  call.publisher->ignore_plis(true);
  call.subscribers[0]->send_rtcp([](rtp::RtcpWriter& out) { out.pli(7, kVideoOut); },
                                 call.world.now());
  call.world.run_for(2s);
  // At once, after 0.5 s and after another second.
  assert_in_range(call.publisher->plis(kVideoIn).size() - before, 3, 3);
  call.publisher->ignore_plis(false);
  call.world.run_for(3s);
  const std::size_t answered = call.publisher->plis(kVideoIn).size();
  call.world.run_for(5s);
  assert_int_equal(call.publisher->plis(kVideoIn).size(), answered);
}

static void a_nack_storm_gets_a_tenth_of_the_bitrate(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(2s);
  const ReceivedStream& video = call.video();
  const std::uint64_t sent_before = call.world.counters().bytes_out;
  const std::uint64_t again_before = call.world.counters().retransmissions;
  for (int i = 0; i < 500; ++i) {
    std::vector<std::uint16_t> seqs;
    for (std::uint64_t seq = video.highest - 200; seq < video.highest; ++seq) {
      seqs.push_back(static_cast<std::uint16_t>(seq));
    }
    call.subscribers[0]->send_rtcp([&](rtp::RtcpWriter& out) { out.nack(7, kVideoOut, seqs); },
                                   call.world.now());
    call.world.run_for(10ms);
  }
  const std::uint64_t sent = call.world.counters().bytes_out - sent_before;
  const std::uint64_t again = call.world.counters().retransmissions - again_before;
  // The savings of before may be spent on top: 64 KiB.
  assert_true(again > 40);
  assert_true(again * 1000 <= sent / 10 + 2'000 * 5 + 66'000);
  assert_true(call.world.counters().nack_too_soon + call.world.counters().nack_over_budget >
              10'000);
}

static void nacks_beyond_the_cache_are_misses(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(4s);
  const auto old = static_cast<std::uint16_t>(call.video().highest - 300);
  const std::uint16_t never = static_cast<std::uint16_t>(call.video().highest + 1000);
  const std::uint16_t seqs[] = {old, never};
  const std::uint64_t before = call.world.counters().retransmissions;
  call.subscribers[0]->send_rtcp([&](rtp::RtcpWriter& out) { out.nack(7, kVideoOut, seqs); },
                                 call.world.now());
  call.world.run_for(100ms);
  assert_int_equal(call.world.counters().retransmissions, before);
  assert_int_equal(call.world.counters().nack_cache_misses, 2);
}

static void remb_tells_the_cap(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(1500ms);
  assert_int_equal(call.publisher->last_remb(), 10'000'000);
  call.world.apply(media::SetSource{{1, 1}, {512'000, 0}});
  call.world.run_for(100ms);
  assert_in_range(call.publisher->last_remb(), 510'000, 512'000);
  call.world.apply(media::SetSource{{1, media::kAllLines}, {128'000, 0}});
  call.world.run_for(100ms);
  assert_in_range(call.publisher->last_remb(), 127'000, 128'000);
}

static void key_frames_are_asked_for_on_a_timer(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.apply(media::SetSource{{1, 1}, {0, 2}});
  call.world.run_for(1s);
  const std::size_t before = call.publisher->plis(kVideoIn).size();
  call.world.run_for(10s);
  assert_in_range(call.publisher->plis(kVideoIn).size() - before, 4, 6);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_storm_of_plis_reaches_the_publisher_twice_a_second),
      cmocka_unit_test(joining_subscribers_get_a_key_frame_first),
      cmocka_unit_test(a_request_is_repeated_until_a_key_frame_comes),
      cmocka_unit_test(a_nack_storm_gets_a_tenth_of_the_bitrate),
      cmocka_unit_test(nacks_beyond_the_cache_are_misses),
      cmocka_unit_test(remb_tells_the_cap),
      cmocka_unit_test(key_frames_are_asked_for_on_a_timer),
  };
  return cmocka_run_group_tests_name("scenario/feedback", tests, nullptr, nullptr);
}
