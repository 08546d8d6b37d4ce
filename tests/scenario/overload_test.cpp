// A worker that cannot keep up takes video away from single viewers, layers first and audio never.
#include <algorithm>

#include "tests/scenario/support/call.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kViewers = 20;

struct Room {
  explicit Room(bool layered) : call({.seed = 41, .subscribers = kViewers}) {
    assert_true(call.world.connect_all());
    call.publish();
    call.publisher->source(kVideoIn).temporal = layered;
    call.world.run_for(1s);
  }
  /// Video packets of each viewer within the next second.
  std::vector<std::uint64_t> second() {
    std::vector<std::uint64_t> out;
    for (std::size_t i = 0; i < kViewers; ++i) {
      out.push_back(call.video(i).packets);
    }
    call.world.run_for(1s);
    for (std::size_t i = 0; i < kViewers; ++i) {
      out[i] = call.video(i).packets - out[i];
    }
    return out;
  }
  void shed(double share) {
    call.world.shard().shed(share, call.world.now());
    call.world.run_for(500ms);
  }
  void assert_unbroken() const {
    for (std::size_t i = 0; i < kViewers; ++i) {
      assert_int_equal(call.video(i).missing(), 0);
      assert_int_equal(call.audio(i).missing(), 0);
      assert_true(call.audio(i).packets > 150);
    }
  }

  Call call;
};

auto between(std::uint64_t least, std::uint64_t most) {
  return [=](std::uint64_t packets) { return packets >= least && packets <= most; };
}

}  // namespace

static void some_viewers_lose_their_video_and_the_others_nothing(void**) {
  Room room(false);
  room.shed(0.3);
  const auto during = room.second();
  const auto without = std::count_if(during.begin(), during.end(), between(0, 0));
  assert_in_range(without, 4, 8);
  assert_int_equal(std::count_if(during.begin(), during.end(), between(85, 95)),
                   static_cast<std::ptrdiff_t>(kViewers) - without);
  assert_int_equal(room.call.world.counters().streams_shed, without);

  room.shed(0);
  const auto after = room.second();
  assert_int_equal(std::count_if(after.begin(), after.end(), between(85, 95)), kViewers);
  room.call.world.run_for(1s);
  room.assert_unbroken();
}

static void layers_go_before_video_does(void**) {
  Room room(true);
  const auto whole = room.second();
  assert_int_equal(std::count_if(whole.begin(), whole.end(), between(85, 95)), kViewers);
  room.shed(1);
  // The lowest of three temporal layers is a quarter of the frames.
  const auto least = room.second();
  assert_int_equal(std::count_if(least.begin(), least.end(), between(15, 35)), kViewers);
  room.shed(2);
  const auto none = room.second();
  assert_int_equal(std::count_if(none.begin(), none.end(), between(0, 0)), kViewers);
  room.shed(0.5);
  const auto half = room.second();
  assert_in_range(std::count_if(half.begin(), half.end(), between(15, 35)), 8, 12);
  room.assert_unbroken();
}

static void who_comes_during_overload_is_treated_alike(void**) {
  Room room(false);
  room.shed(2);
  auto out = video_line("0");
  out.sends = true;
  out.send_ssrc = kVideoOut;
  ClientPeer& late = room.call.world.add_client(90, {out});
  room.call.world.route(900, {1, 1}, {90, 0});
  room.call.world.run_for(1s);
  assert_true(late.connected());
  assert_int_equal(late.received(kVideoOut).packets, 0);
  room.shed(0);
  room.call.world.run_for(500ms);
  assert_true(late.received(kVideoOut).keyframes > 0);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(some_viewers_lose_their_video_and_the_others_nothing),
      cmocka_unit_test(layers_go_before_video_does),
      cmocka_unit_test(who_comes_during_overload_is_treated_alike),
  };
  return cmocka_run_group_tests_name("scenario/overload", tests, nullptr, nullptr);
}
