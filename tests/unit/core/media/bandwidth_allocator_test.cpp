// Layers given by bandwidth, and the bitrates of layers measured, on virtual time.
#include "core/media/bandwidth_allocator.hpp"

#include <vector>

#include "core/media/layer_meter.hpp"
#include "tests/support/cmocka.hpp"

namespace {

using cardea::Duration;
using cardea::Time;
using namespace cardea::media;         // NOLINT: the folder under test
using namespace std::chrono_literals;  // NOLINT: 10ms reads better

constexpr Time kStart{1000s};
constexpr int kPaused = -1;

const std::vector<Rung> kAudio = {{0, 0, 40'000}};
const std::vector<Rung> kVideo = {{0, 0, 150'000}, {1, 0, 500'000}, {2, 0, 1'500'000}};

std::vector<int> rungs(BandwidthAllocator& allocator, std::uint64_t estimate,
                       const std::vector<StreamDemand>& demands, Time now) {
  std::vector<int> result;
  std::size_t i = 0;
  for (const Allocation& given : allocator.allocate(estimate, demands, now)) {
    assert_int_equal(given.id, demands[i++].id);
    result.push_back(given.rung ? static_cast<int>(*given.rung) : kPaused);
  }
  assert_int_equal(result.size(), demands.size());
  return result;
}

StreamDemand audio(std::uint64_t id) { return {id, true, 0, kAudio}; }
StreamDemand video(std::uint64_t id, int priority = 0) { return {id, false, priority, kVideo}; }

void assert_rungs(const std::vector<int>& got, const std::vector<int>& want) {
  assert_true(got == want);
}

void audio_comes_first_and_is_never_paused(void**) {
  for (const std::uint64_t estimate : {0U, 30'000U, 100'000U, 220'000U}) {
    BandwidthAllocator allocator;
    const auto got = rungs(allocator, estimate, {video(1), audio(2), audio(3)}, kStart);
    assert_rungs(got, {kPaused, 0, 0});
  }
  BandwidthAllocator allocator;
  assert_rungs(rungs(allocator, 230'000, {video(1), audio(2), audio(3)}, kStart), {0, 0, 0});
  assert_int_equal(allocator.allocated(), 230'000);
  assert_int_equal(allocator.wanted(), 1'580'000);
}

void streams_of_one_priority_rise_in_turn(void**) {
  BandwidthAllocator allocator;
  assert_rungs(rungs(allocator, 700'000, {video(1), video(2)}, kStart), {1, 0});
  BandwidthAllocator more;
  assert_rungs(rungs(more, 1'000'000, {video(1), video(2)}, kStart), {1, 1});
  BandwidthAllocator all;
  assert_rungs(rungs(all, 3'000'000, {video(1), video(2)}, kStart), {2, 2});
}

void everyone_has_the_least_before_a_higher_priority_rises(void**) {
  BandwidthAllocator allocator;
  const std::vector<StreamDemand> demands = {video(1), video(2, 5), video(3)};
  assert_rungs(rungs(allocator, 800'000, demands, kStart), {0, 1, 0});
  BandwidthAllocator more;
  assert_rungs(rungs(more, 1'900'000, demands, kStart), {0, 2, 0});
  BandwidthAllocator scarce;
  assert_rungs(rungs(scarce, 310'000, demands, kStart), {0, 0, kPaused});
}

void goes_down_at_once_and_up_with_room_after_a_while(void**) {
  BandwidthAllocator allocator;
  const std::vector<StreamDemand> demands = {video(1)};
  assert_rungs(rungs(allocator, 2'000'000, demands, kStart), {2});
  assert_rungs(rungs(allocator, 600'000, demands, kStart + 100ms), {1});
  assert_rungs(rungs(allocator, 5'000'000, demands, kStart + 200ms), {1});
  assert_rungs(rungs(allocator, 5'000'000, demands, kStart + 2000ms), {1});
  // Enough for the layer, but with no room to spare.
  assert_rungs(rungs(allocator, 1'550'000, demands, kStart + 2200ms), {1});
  assert_rungs(rungs(allocator, 1'700'000, demands, kStart + 2300ms), {2});
}

void bears_a_little_too_much_for_a_second(void**) {
  BandwidthAllocator allocator;
  const std::vector<StreamDemand> demands = {video(1)};
  assert_rungs(rungs(allocator, 2'000'000, demands, kStart), {2});
  assert_rungs(rungs(allocator, 1'300'000, demands, kStart + 100ms), {2});
  assert_rungs(rungs(allocator, 1'300'000, demands, kStart + 900ms), {2});
  assert_rungs(rungs(allocator, 1'300'000, demands, kStart + 1100ms), {1});
}

void pauses_below_the_least_and_resumes(void**) {
  BandwidthAllocator allocator;
  const std::vector<StreamDemand> demands = {audio(1), video(2)};
  assert_rungs(rungs(allocator, 400'000, demands, kStart), {0, 0});
  assert_rungs(rungs(allocator, 100'000, demands, kStart + 1s), {0, kPaused});
  assert_rungs(rungs(allocator, 400'000, demands, kStart + 2s), {0, kPaused});
  assert_rungs(rungs(allocator, 200'000, demands, kStart + 4s), {0, kPaused});
  assert_rungs(rungs(allocator, 220'000, demands, kStart + 5s), {0, 0});
}

void does_not_flap_while_the_estimate_swings(void**) {
  BandwidthAllocator allocator;
  const std::vector<StreamDemand> demands = {video(1), video(2)};
  int changes = 0;
  std::vector<int> before;
  for (int i = 0; i < 600; ++i) {
    // A saw of 15 % below 1,150 kbit/s each 3 s.
    const std::uint64_t estimate = 980'000 + static_cast<std::uint64_t>(i % 30) * 5'700;
    const auto now = rungs(allocator, estimate, demands, kStart + i * 100ms);
    changes += !before.empty() && now != before ? 1 : 0;
    before = now;
  }
  assert_in_range(changes, 0, 2);
}

void follows_a_ladder_that_changes(void**) {
  BandwidthAllocator allocator;
  assert_rungs(rungs(allocator, 2'000'000, {video(1)}, kStart), {2});
  // The middle layer ended: the highest is now the second of two.
  const std::vector<Rung> two = {{0, 0, 150'000}, {2, 0, 1'500'000}};
  assert_rungs(rungs(allocator, 1'500'000, {{1, false, 0, two}}, kStart + 1s), {1});
  // Nothing is known: nothing is decided, and what was given is remembered.
  assert_rungs(rungs(allocator, 2'000'000, {{1, false, 0, {}}}, kStart + 2s), {kPaused});
  assert_rungs(rungs(allocator, 1'500'000, {{1, false, 0, two}}, kStart + 3s), {1});
}

void meters_layers_of_simulcast_and_svc(void**) {
  LayerMeter meter;
  assert_true(meter.ladder(false, kStart).empty());
  Time now = kStart;
  // Two substreams of 100 and 400 kbit/s with two temporal layers each, halves.
  for (int i = 0; i < 500; ++i, now += 10ms) {
    for (int substream = 0; substream < 2; ++substream) {
      meter.add(substream, i % 2, substream == 0 ? 125 : 500, now);
    }
  }
  const auto rungs = meter.ladder(false, now);
  assert_int_equal(rungs.size(), 4);
  const std::uint64_t want[] = {50'000, 100'000, 200'000, 400'000};
  for (std::size_t i = 0; i < 4; ++i) {
    assert_int_equal(rungs[i].substream, i / 2);
    assert_int_equal(rungs[i].temporal, i % 2);
    assert_in_range(rungs[i].bitrate, want[i] * 95 / 100, want[i] * 105 / 100);
  }
  assert_in_range(meter.ladder(true, now).back().bitrate, 475'000, 525'000);
  // The high one ends.
  for (int i = 0; i < 300; ++i, now += 10ms) {
    meter.add(0, i % 2, 125, now);
  }
  assert_int_equal(meter.ladder(false, now).size(), 2);
  assert_true(meter.ladder(false, now + 10s).empty());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(audio_comes_first_and_is_never_paused),
      cmocka_unit_test(streams_of_one_priority_rise_in_turn),
      cmocka_unit_test(everyone_has_the_least_before_a_higher_priority_rises),
      cmocka_unit_test(goes_down_at_once_and_up_with_room_after_a_while),
      cmocka_unit_test(bears_a_little_too_much_for_a_second),
      cmocka_unit_test(pauses_below_the_least_and_resumes),
      cmocka_unit_test(does_not_flap_while_the_estimate_swings),
      cmocka_unit_test(follows_a_ladder_that_changes),
      cmocka_unit_test(meters_layers_of_simulcast_and_svc),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
