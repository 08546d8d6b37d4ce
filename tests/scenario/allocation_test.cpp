// Layers follow what a viewer's link carries.
#include <algorithm>
#include <random>

#include "tests/scenario/support/call.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kLowest = 1100;

/// A publisher with audio and three simulcast layers of about 130, 490 and 1450 kbit/s, and two
/// viewers (peers 2 and 3) whose clients report arrivals.
struct Viewers {
  Viewers() : world(9) {
    auto audio_in = audio_line("0");
    audio_in.receives = true;
    auto video_in = video_line("1");
    video_in.receives = true;
    video_in.rids = {"l", "m", "h"};
    publisher = &world.add_client(1, {audio_in, video_in});
    for (media::PeerId id = 2; id <= 3; ++id) {
      auto audio_out = audio_line("0");
      audio_out.sends = true;
      audio_out.send_ssrc = kAudioOut;
      audio_out.extensions.transport_cc = kTransportCcId;
      auto video_out = video_line("1");
      video_out.sends = true;
      video_out.send_ssrc = kVideoOut;
      video_out.send_rtx_ssrc = kVideoOutRtx;
      video_out.extensions.transport_cc = kTransportCcId;
      viewers.push_back(&world.add_client(id, {audio_out, video_out}));
      viewers.back()->expect_rtx(kVideoOutRtx, kVideoOut, 96);
      world.route(10 * id, {1, 0}, {id, 0});
      world.route(10 * id + 1, {1, 1}, {id, 1});
    }
    assert_true(world.connect_all());
    publish();
  }

  void publish() {
    FakeSource audio;
    audio.ssrc = kAudioIn;
    audio.payload_type = 111;
    audio.mid = "0";
    audio.video = false;
    audio.interval = 20ms;
    audio.packets = 1;
    audio.payload_size = 80;
    audio.ticks = 960;
    publisher->add_source(audio, world.now());
    static constexpr std::array<const char*, 3> kRids{"l", "m", "h"};
    static constexpr std::array<std::size_t, 3> kPackets{1, 2, 6};
    for (std::uint32_t layer = 0; layer < 3; ++layer) {
      FakeSource video;
      video.ssrc = kLowest + layer;
      video.mid = "1";
      video.rid = kRids[layer];
      video.packets = kPackets[layer];
      video.payload_size = layer == 0 ? 500 : 1000;
      publisher->add_source(video, world.now());
    }
  }

  void limit(std::uint64_t bitrate) {
    world.network().set_bottleneck(Simulation::client_address(2), bitrate);
  }
  [[nodiscard]] const ReceivedStream& video(std::size_t viewer = 0) const {
    return viewers[viewer]->received(kVideoOut);
  }
  [[nodiscard]] int layer(std::size_t viewer = 0) const {
    return static_cast<std::uint8_t>(video(viewer).last_mark - kLowest);
  }
  /// How long until the first viewer gets this layer.
  Duration until(int wanted, Duration limit) {
    const Time begin = world.now();
    const auto arrives = [&] { return world.now() - video().last_at < 200ms; };
    while ((layer() != wanted || !arrives()) && world.now() - begin < limit) {
      world.run_for(50ms);
    }
    return world.now() - begin;
  }

  Simulation world;
  ClientPeer* publisher = nullptr;
  std::vector<ClientPeer*> viewers;
};

}  // namespace

static void a_wide_link_gets_the_highest_layer(void**) {
  Viewers call;
  call.world.run_for(10s);
  assert_int_equal(call.layer(0), 2);
  assert_int_equal(call.layer(1), 2);
  assert_int_equal(call.video().missing(), 0);
  assert_int_equal(call.world.counters().streams_paused, 0);
}

static void a_thin_link_gets_the_layer_that_fits(void**) {
  Viewers call;
  call.world.run_for(5s);
  const std::uint64_t other = call.video(1).packets;
  call.limit(300'000);
  assert_true(call.until(0, 5s) <= 2s);
  call.world.run_for(10s);
  assert_int_equal(call.layer(), 0);
  const ReceivedStream& audio = call.viewers[0]->received(kAudioOut);
  const std::uint64_t heard = audio.packets;
  call.world.run_for(8s);
  assert_int_equal(call.layer(), 0);
  assert_true(audio.packets - heard >= 390);

  call.limit(0);
  assert_true(call.until(2, 20s) <= 10s);
  call.world.run_for(1s);
  assert_int_equal(call.layer(1), 2);
  assert_int_equal(call.video(1).missing(), 0);
  assert_true(call.video(1).packets > other + 3000);
}

static void a_layer_that_does_not_fit_is_not_tried_again_and_again(void**) {
  Viewers call;
  call.world.run_for(5s);
  call.limit(700'000);
  call.world.run_for(5s);
  const std::uint64_t before = call.video().keyframes;
  call.world.run_for(12s);
  assert_int_equal(call.layer(), 1);
  assert_true(call.video().keyframes - before <= 3);
}

static void without_room_for_anything_video_pauses_and_comes_back(void**) {
  Viewers call;
  call.world.run_for(5s);
  call.limit(80'000);
  call.world.run_for(5s);
  assert_true(call.world.counters().streams_paused >= 1);
  const auto slow = [](const media::Notice& notice) {
    const auto* what = std::get_if<media::SlowLink>(&notice.what);
    return what != nullptr && notice.peer == 2 && !what->uplink && what->line == 1;
  };
  assert_true(std::any_of(call.world.notices().begin(), call.world.notices().end(), slow));
  const std::uint64_t heard = call.viewers[0]->received(kAudioOut).packets;
  const std::uint64_t before = call.video().packets;
  call.world.run_for(5s);
  assert_true(call.viewers[0]->received(kAudioOut).packets - heard >= 230);
  assert_true(call.video().packets - before < 50);
  call.limit(0);
  assert_true(call.until(2, 20s) <= 12s);
  const std::uint64_t seen = call.video().packets;
  call.world.run_for(1s);
  assert_true(call.video().packets > seen + 100);
}

static void a_wish_is_not_exceeded(void**) {
  Viewers call;
  call.world.apply(media::SetRoute{21, {.substream = 1}});
  call.world.run_for(5s);
  assert_int_equal(call.layer(), 1);
  call.limit(300'000);
  call.world.run_for(4s);
  assert_int_equal(call.layer(), 0);
  call.limit(0);
  call.world.run_for(15s);
  assert_int_equal(call.layer(), 1);
}

static void where_loss_is_random_sound_goes_out_twice(void**) {
  Viewers call;
  call.world.run_for(5s);
  assert_int_equal(call.world.counters().copies, 0);
  std::minstd_rand dice(3);
  call.world.network().set_filter([&](const Address&, const Address& to, Bytes) {
    return !(to == Simulation::client_address(2) && dice() % 20 == 0);
  });
  call.world.run_for(2s);
  const ReceivedStream& audio = call.viewers[0]->received(kAudioOut);
  const std::uint64_t missed = audio.missing();
  const std::uint64_t heard = audio.packets;
  call.world.run_for(20s);
  assert_true(call.world.counters().copies > 900);
  // One in four hundred, by chance.
  assert_true(audio.missing() - missed <= 10);
  assert_true(audio.packets - heard >= 980);
  assert_int_equal(call.layer(), 2);
  // Not for ever.
  call.world.network().set_filter({});
  call.world.run_for(20s);
  const std::uint64_t copies = call.world.counters().copies;
  call.world.run_for(5s);
  assert_int_equal(call.world.counters().copies, copies);
}

static void a_path_that_wakes_goes_on_at_once(void**) {
  Viewers call;
  call.world.run_for(5s);
  call.world.network().set_filter([](const Address& from, const Address& to, Bytes) {
    const Address viewer = Simulation::client_address(2);
    return from != viewer && to != viewer;
  });
  call.world.run_for(5s);
  assert_int_equal(call.world.counters().streams_paused, 0);
  call.world.network().set_filter({});
  const std::uint64_t keyframes = call.video().keyframes;
  const Time begin = call.world.now();
  while (call.video().keyframes == keyframes && call.world.now() - begin < 3s) {
    call.world.run_for(10ms);
  }
  assert_true(call.world.now() - begin < 500ms);
  call.world.run_for(2s);
  assert_int_equal(call.layer(), 2);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_wide_link_gets_the_highest_layer),
      cmocka_unit_test(a_thin_link_gets_the_layer_that_fits),
      cmocka_unit_test(a_layer_that_does_not_fit_is_not_tried_again_and_again),
      cmocka_unit_test(without_room_for_anything_video_pauses_and_comes_back),
      cmocka_unit_test(a_wish_is_not_exceeded),
      cmocka_unit_test(where_loss_is_random_sound_goes_out_twice),
      cmocka_unit_test(a_path_that_wakes_goes_on_at_once),
  };
  return cmocka_run_group_tests_name("scenario/allocation", tests, nullptr, nullptr);
}
