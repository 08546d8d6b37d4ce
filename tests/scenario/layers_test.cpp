// Temporal and simulcast layers, talking: what a route's and a source's settings do.
#include <algorithm>

#include "tests/scenario/support/call.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

namespace {

constexpr media::RouteId kVideoRoute = 21;

/// A publisher with simulcast (SSRCs 1100, 1101, 1102) and one subscriber.
struct Simulcast {
  Simulcast() : world(5) {
    auto in = video_line("0");
    in.receives = true;
    in.rids = {"l", "m", "h"};
    auto out = video_line("0");
    out.sends = true;
    out.send_ssrc = kVideoOut;
    publisher = &world.add_client(1, {in});
    subscriber = &world.add_client(2, {out});
    world.route(kVideoRoute, {1, 0}, {2, 0});
  }
  void publish(std::size_t layer) {
    static constexpr std::array<const char*, 3> kRids{"l", "m", "h"};
    FakeSource source;
    source.ssrc = static_cast<std::uint32_t>(1100 + layer);
    source.mid = "0";
    source.rid = kRids[layer];
    source.temporal = true;
    publisher->add_source(source, world.now());
  }

  Simulation world;
  ClientPeer* publisher = nullptr;
  ClientPeer* subscriber = nullptr;
};

std::vector<media::LayerChanged> layers_told(const Simulation& world) {
  std::vector<media::LayerChanged> out;
  for (const media::Notice& notice : world.notices()) {
    if (const auto* layer = std::get_if<media::LayerChanged>(&notice.what)) {
      assert_int_equal(notice.peer, 2);
      out.push_back(*layer);
    }
  }
  return out;
}

}  // namespace

static void temporal_layers_are_left_out_without_gaps(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.publisher->source(kVideoIn).temporal = true;
  call.world.run_for(2s);
  assert_int_equal(call.video().highest_temporal, 2);
  assert_int_equal(layers_told(call.world).back().temporal, 2);
  const std::uint64_t all = call.video().packets;

  call.world.apply(media::SetRoute{kVideoRoute, {.temporal = 0}});
  call.world.run_for(4s);
  const std::uint64_t base = call.video().packets - all;
  assert_in_range(base, all / 3, all * 2 / 3);
  assert_int_equal(layers_told(call.world).back().temporal, 0);
  assert_int_equal(layers_told(call.world).back().substream, -1);

  call.world.apply(media::SetRoute{kVideoRoute, {.temporal = 1}});
  call.world.run_for(2s);
  assert_int_equal(layers_told(call.world).back().temporal, 1);
  // A wish beyond what there is takes what there is.
  call.world.apply(media::SetRoute{kVideoRoute, {.temporal = 5}});
  call.world.run_for(2s);
  assert_int_equal(layers_told(call.world).back().temporal, 2);
  assert_int_equal(call.video().missing(), 0);
  assert_int_equal(call.video().picture_gaps, 0);
  assert_int_equal(call.video().duplicates, 0);
}

static void left_out_layers_and_loss_go_together(void**) {
  Call call({.seed = 9});
  call.world.network().set_path({0.03, 0, 20ms, 0ms});
  assert_true(call.world.connect_all());
  call.publish();
  call.publisher->source(kVideoIn).temporal = true;
  call.world.apply(media::SetRoute{kVideoRoute, {.temporal = 1}});
  call.world.run_for(20s);
  assert_true(call.video().packets > 800);
  // Only what was lost on the way in and would have been left out stays open: 3 % of as many
  // packets as go on.
  assert_true(call.video().missing() * 100 <= call.video().packets * 4);
  assert_int_equal(call.subscribers[0]->bad_packets(), 0);
  assert_true(call.world.counters().retransmissions > 20);
}

static void a_wished_layer_is_asked_for_until_it_comes(void**) {
  Simulcast call;
  assert_true(call.world.connect_all());
  call.world.apply(media::SetRoute{kVideoRoute, {.substream = 0}});
  for (std::size_t layer = 0; layer < 3; ++layer) {
    call.publish(layer);
  }
  call.world.run_for(2s);
  assert_int_equal(call.subscriber->received(kVideoOut).last_mark, 1100 & 0xFF);
  call.publisher->ignore_plis(true);
  call.world.apply(media::SetRoute{kVideoRoute, {.substream = 2}});
  call.world.run_for(5s);
  assert_true(call.publisher->plis(1102).size() >= 4);
  assert_int_equal(call.subscriber->received(kVideoOut).last_mark, 1100 & 0xFF);
  call.publisher->ignore_plis(false);
  call.world.run_for(5s);
  assert_int_equal(call.subscriber->received(kVideoOut).last_mark, 1102 & 0xFF);
  const auto told = layers_told(call.world);
  assert_int_equal(told.back().substream, 2);
  assert_int_equal(call.subscriber->received(kVideoOut).missing(), 0);
  assert_int_equal(call.subscriber->received(kVideoOut).picture_gaps, 0);
}

static void a_layer_that_stops_is_left_within_the_fallback(void**) {
  Simulcast call;
  assert_true(call.world.connect_all());
  for (std::size_t layer = 0; layer < 3; ++layer) {
    call.publish(layer);
  }
  call.world.run_for(3s);
  assert_int_equal(call.subscriber->received(kVideoOut).last_mark, 1102 & 0xFF);
  call.publisher->stop_source(1102);
  call.world.run_for(600ms);
  assert_int_equal(call.subscriber->received(kVideoOut).last_mark, 1101 & 0xFF);
  assert_int_equal(layers_told(call.world).back().substream, 1);
  // A patient viewer waits longer.
  call.world.apply(media::SetRoute{kVideoRoute, {.fallback = 1400ms}});
  call.publisher->stop_source(1101);
  call.world.run_for(1s);
  assert_int_equal(call.subscriber->received(kVideoOut).last_mark, 1101 & 0xFF);
  call.world.run_for(1500ms);
  assert_int_equal(call.subscriber->received(kVideoOut).last_mark, 1100 & 0xFF);
}

static void key_frames_that_cannot_be_seen_are_not_waited_for_for_ever(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.publisher->source(kVideoIn).keyframes_hidden = true;
  call.world.run_for(1s);
  assert_int_equal(call.video().packets, 0);
  call.world.run_for(3s);
  assert_true(call.video().packets > 100);
  assert_int_equal(call.video().missing(), 0);
}

static void talking_is_told_when_it_changes(void**) {
  Call call;
  auto& line = call.world.params(1).lines[0];
  line.extensions.audio_level = 4;
  call.world.update(1);
  call.world.apply(media::SetSource{{1, 0}, {.talk_packets = 25, .talk_level = 40}});
  assert_true(call.world.connect_all());
  call.publish();
  call.publisher->source(kAudioIn).audio_level = 100;
  call.world.run_for(2s);
  call.publisher->source(kAudioIn).audio_level = 20;
  call.world.run_for(2s);
  call.publisher->source(kAudioIn).audio_level = 90;
  call.world.run_for(2s);
  std::vector<media::Talking> told;
  for (const media::Notice& notice : call.world.notices()) {
    if (const auto* talk = std::get_if<media::Talking>(&notice.what)) {
      told.push_back(*talk);
    }
  }
  assert_int_equal(told.size(), 2);
  assert_true(told[0].talks && told[0].level < 40);
  assert_true(!told[1].talks && told[1].level >= 40);
}

static void threat_m11_a_sender_far_beyond_its_cap_is_cut(void**) {
  Call call;
  call.world.apply(
      media::SetSource{{1, media::kAllLines}, {.bitrate = 200'000, .enforce_bitrate = true}});
  assert_true(call.world.connect_all());
  call.publish();  // 720 kbit/s of video
  call.world.run_for(10s);
  assert_true(call.world.dropped(peer::Drop::OverBitrate) > 300);
  // Half as much again goes through: 300 kbit/s in packets of 1,000 bytes, and the first two
  // seconds of it at once.
  assert_in_range(call.video().packets, 200, 480);
  assert_in_range(call.audio().packets, 490, 505);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(temporal_layers_are_left_out_without_gaps),
      cmocka_unit_test(left_out_layers_and_loss_go_together),
      cmocka_unit_test(a_wished_layer_is_asked_for_until_it_comes),
      cmocka_unit_test(a_layer_that_stops_is_left_within_the_fallback),
      cmocka_unit_test(key_frames_that_cannot_be_seen_are_not_waited_for_for_ever),
      cmocka_unit_test(talking_is_told_when_it_changes),
      cmocka_unit_test(threat_m11_a_sender_far_beyond_its_cap_is_cut),
  };
  return cmocka_run_group_tests_name("scenario/layers", tests, nullptr, nullptr);
}
