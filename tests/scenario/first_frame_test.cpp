// A viewer who comes between two key frames sees a picture at once, and the publisher is left
// alone.
#include <algorithm>

#include "tests/scenario/support/call.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

namespace {

ClientPeer& join(Simulation& world, media::PeerId id) {
  auto out = video_line("1");
  out.sends = true;
  out.send_ssrc = kVideoOut;
  out.send_rtx_ssrc = kVideoOutRtx;
  ClientPeer& viewer = world.add_client(id, {out});
  viewer.expect_rtx(kVideoOutRtx, kVideoOut, 96);
  world.route(10 * id, {1, 1}, {id, 0});
  return viewer;
}

/// From its connection to its first whole key frame.
Duration waited(ClientPeer& viewer) {
  const ReceivedStream& video = viewer.received(kVideoOut);
  assert_true(viewer.connected());
  assert_int_equal(video.packets_at.at(video.first_picture), 3);
  return video.first_picture_at - viewer.connected_at();
}

void assert_unbroken(const ReceivedStream& video) {
  assert_int_equal(video.missing(), 0);
  assert_int_equal(video.duplicates, 0);
  assert_int_equal(video.timestamp_steps_back, 0);
}

}  // namespace

static void a_hundred_join_within_a_second_for_two_key_frames(void**) {
  Call call({.seed = 31, .subscribers = 0});
  call.world.network().set_path({0, 0, 10ms, 2ms});
  assert_true(call.world.connect_all());
  call.publish();
  call.publisher->source(kVideoIn).interval = 66ms;
  call.world.run_for(3s);
  const std::size_t before = call.publisher->plis(kVideoIn).size();
  std::vector<ClientPeer*> viewers;
  for (media::PeerId id = 2; id < 102; ++id) {
    viewers.push_back(&join(call.world, id));
    call.world.run_for(10ms);
  }
  call.world.run_for(400ms);
  assert_in_range(call.publisher->plis(kVideoIn).size() - before, 1, 2);
  Duration longest{};
  for (ClientPeer* viewer : viewers) {
    longest = std::max(longest, waited(*viewer));
    assert_unbroken(viewer->received(kVideoOut));
  }
  print_message("longest wait for a picture: %lld ms\n",
                static_cast<long long>(longest / std::chrono::milliseconds(1)));
  assert_true(longest <= 200ms);
  assert_true(call.world.counters().replays >= 90);
}

static void what_is_played_again_ends_at_the_live_picture(void**) {
  Call call({.seed = 32});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(1500ms);
  ClientPeer& late = join(call.world, 50);
  call.world.run_for(400ms);
  const ReceivedStream& live = call.video();
  const ReceivedStream& video = late.received(kVideoOut);
  assert_true(waited(late) <= 50ms);
  // All since the key frame, and the same newest picture.
  assert_int_equal(video.packets, live.packets);
  assert_int_equal(video.last_timestamp, live.last_timestamp);
  // The past goes by 32 times as fast: what is older than the join takes no second of the player's.
  assert_true(video.last_timestamp - video.first_picture < 90 * 600);
  assert_unbroken(video);
  assert_int_equal(call.publisher->plis(kVideoIn).size(), 0);
}

static void too_old_a_key_frame_is_not_played_again(void**) {
  Call call({.seed = 33});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(4s);
  assert_int_equal(call.publisher->plis(kVideoIn).size(), 0);
  const std::uint64_t replays = call.world.counters().replays;
  ClientPeer& late = join(call.world, 50);
  call.world.run_for(1s);
  assert_int_equal(call.publisher->plis(kVideoIn).size(), 1);
  assert_true(waited(late) <= 200ms);
  assert_int_equal(call.world.counters().replays, replays);
  assert_unbroken(late.received(kVideoOut));
}

static void losses_in_what_is_played_again_are_repaired(void**) {
  Call call({.seed = 34});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(1500ms);
  call.world.network().set_path({0.1, 0, 20ms, 0ms});
  std::vector<ClientPeer*> viewers;
  for (media::PeerId id = 50; id < 60; ++id) {
    viewers.push_back(&join(call.world, id));
  }
  call.world.run_for(4s);
  call.world.network().set_path({0, 0, 20ms, 0ms});
  // That the very first packet was lost, nobody can know: such a viewer's player asks for a key
  // frame.
  call.world.apply(media::RequestKeyframe{{1, 1}});
  call.world.run_for(2s);
  std::uint64_t missing = 0;
  std::uint64_t packets = 0;
  for (ClientPeer* viewer : viewers) {
    const ReceivedStream& video = viewer->received(kVideoOut);
    assert_true(viewer->connected());
    assert_int_equal(viewer->bad_packets(), 0);
    assert_true(video.repaired > 5);
    assert_true(video.keyframes != 0);
    missing += video.missing();
    packets += video.packets;
  }
  // A tenth was lost. The budget of retransmissions does not mend everything at once.
  assert_true(missing * 50 < packets);
}

static void a_pause_within_the_time_kept_goes_on_without_a_request(void**) {
  Call call({.seed = 35});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(500ms);
  call.world.apply(media::SetRoute{21, {.paused = true}});
  call.world.run_for(500ms);
  const std::uint64_t before = call.video().packets;
  call.world.apply(media::SetRoute{21, {}});
  call.world.run_for(500ms);
  assert_true(call.video().packets > before + 30);
  assert_int_equal(call.publisher->plis(kVideoIn).size(), 0);
  assert_unbroken(call.video());
}

static void pausing_again_and_again_while_it_is_played_is_harmless(void**) {
  Call call({.seed = 36, .subscribers = 3});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(1s);
  for (int i = 0; i < 40; ++i) {
    for (const media::RouteId route : {21, 31, 41}) {
      call.world.apply(media::SetRoute{route, {.paused = i % 2 == 0}});
    }
    call.world.run_for(3ms);
  }
  call.world.apply(media::RemoveRoute{31});
  call.world.apply(media::RemovePeer{4});
  call.world.run_for(1s);
  assert_unbroken(call.video());
  assert_int_equal(call.subscribers[0]->bad_packets(), 0);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_hundred_join_within_a_second_for_two_key_frames),
      cmocka_unit_test(what_is_played_again_ends_at_the_live_picture),
      cmocka_unit_test(too_old_a_key_frame_is_not_played_again),
      cmocka_unit_test(losses_in_what_is_played_again_are_repaired),
      cmocka_unit_test(a_pause_within_the_time_kept_goes_on_without_a_request),
      cmocka_unit_test(pausing_again_and_again_while_it_is_played_is_harmless),
  };
  return cmocka_run_group_tests_name("scenario/first_frame", tests, nullptr, nullptr);
}
