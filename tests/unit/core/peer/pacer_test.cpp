// Budgets over time.
#include "core/peer/pacer.hpp"

#include <algorithm>
#include <vector>

#include "tests/support/cmocka.hpp"

namespace {

using cardea::Time;
using cardea::peer::Pacer;
using cardea::peer::Probe;
using cardea::peer::SendClass;
using namespace std::chrono_literals;  // NOLINT: 10ms reads better

constexpr Time kStart{1000s};
constexpr std::size_t kPacket = 1200;

// One burst of video. @returns packets sent.
int spend(Pacer& pacer, Time now) {
  int packets = 0;
  for (auto budget = static_cast<long>(pacer.budget(SendClass::Video, now)); budget > 0;
       budget -= static_cast<long>(kPacket), ++packets) {
    pacer.sent(SendClass::Video, kPacket, now);
  }
  return packets;
}

// Sends from a queue that never ends, at each interval, for a second. @returns packets per
// interval.
std::vector<int> send_for_a_second(Pacer& pacer, std::size_t waiting) {
  std::vector<int> bursts;
  for (Time now = kStart; now < kStart + 1s; now += Pacer::kInterval) {
    pacer.set_waiting(waiting);
    bursts.push_back(spend(pacer, now));
  }
  return bursts;
}

void video_leaves_in_bursts_at_two_and_a_half_times_the_estimate(void**) {
  for (const std::uint64_t estimate : {100'000U, 1'000'000U, 8'000'000U}) {
    Pacer pacer;
    pacer.set_estimate(estimate);
    int packets = 0;
    for (const int burst : send_for_a_second(pacer, 4'800)) {
      assert_true(burst == 0 || burst >= 2);
      packets += burst;
    }
    const double sent = packets * 9'600.0;
    const double want = static_cast<double>(estimate) * 2.5;
    assert_true(sent > want * 0.9 && sent < want * 1.1 + 4 * kPacket * 8);
  }
}

void audio_never_waits_and_is_counted(void**) {
  Pacer pacer;
  pacer.set_estimate(100'000);
  pacer.set_waiting(10'000);
  assert_true(spend(pacer, kStart) >= 2);
  assert_true(pacer.budget(SendClass::Audio, kStart) > 100'000);
  const Time before = pacer.next_deadline(kStart);
  pacer.sent(SendClass::Audio, 1000, kStart);
  assert_true(pacer.next_deadline(kStart) > before);
}

void retransmissions_go_before_video_gathers_a_burst(void**) {
  Pacer pacer;
  pacer.set_estimate(400'000);
  pacer.set_waiting(4'800);
  spend(pacer, kStart);
  // 10 ms later there is something, but no burst.
  const Time later = kStart + 10ms;
  assert_true(pacer.budget(SendClass::Retransmission, later) > 0);
  assert_int_equal(pacer.budget(SendClass::Video, later), 0);
}

void a_last_single_packet_goes_without_a_burst(void**) {
  Pacer pacer;
  pacer.set_estimate(400'000);
  pacer.set_waiting(4'800);
  spend(pacer, kStart);
  pacer.set_waiting(300);
  const Time due = pacer.next_deadline(kStart);
  assert_true(due > kStart && due <= kStart + 30ms);
  assert_true(pacer.budget(SendClass::Video, due) > 0);
}

void an_overlong_queue_is_drained_in_time_and_says_so(void**) {
  Pacer pacer;
  pacer.set_estimate(300'000);
  std::size_t waiting = 100'000;
  pacer.set_waiting(waiting);
  assert_true(pacer.overlong());
  Time now = kStart;
  for (; waiting > 0; now += Pacer::kInterval) {
    pacer.set_waiting(100'000);
    waiting -= std::min(waiting, static_cast<std::size_t>(spend(pacer, now)) * kPacket);
  }
  assert_true(now - kStart <= 220ms);
  pacer.set_waiting(5'000);
  assert_false(pacer.overlong());
}

void padding_fills_up_to_the_rate_of_a_probe(void**) {
  Pacer pacer;
  pacer.set_estimate(300'000);
  assert_int_equal(pacer.budget(SendClass::Padding, kStart), 0);
  const Probe probe{1, 1'600'000, 4'000, 500};
  pacer.set_probe(&probe, kStart);
  std::size_t padding = 0;
  std::size_t media = 0;
  std::vector<Time> times;
  for (Time now = kStart; now < kStart + 100ms; now += Pacer::kInterval) {
    if (now == kStart + 10ms) {
      pacer.sent(SendClass::Audio, 100, now);
      media += 100;
    }
    while (pacer.budget(SendClass::Padding, now) > 0) {
      pacer.sent(SendClass::Padding, probe.packet_size, now);
      padding += probe.packet_size;
      times.push_back(now);
    }
  }
  // 1,000 bytes each 5 ms: done after four intervals.
  assert_in_range(padding + media, 4'000, 4'500);
  assert_true(times.back() - times.front() >= 15ms && times.back() - times.front() <= 20ms);
  pacer.set_probe(nullptr, kStart + 100ms);
  assert_int_equal(pacer.budget(SendClass::Padding, kStart + 100ms), 0);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(video_leaves_in_bursts_at_two_and_a_half_times_the_estimate),
      cmocka_unit_test(audio_never_waits_and_is_counted),
      cmocka_unit_test(retransmissions_go_before_video_gathers_a_burst),
      cmocka_unit_test(a_last_single_packet_goes_without_a_burst),
      cmocka_unit_test(an_overlong_queue_is_drained_in_time_and_says_so),
      cmocka_unit_test(padding_fills_up_to_the_rate_of_a_probe),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
