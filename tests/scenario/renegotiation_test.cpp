// What changes within a running call: ICE restarts, pauses, other sources, simulcast layers.
#include "tests/scenario/support/call.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

static void an_ice_restart_moves_the_path_and_media_goes_on(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(1s);
  // The old ufrag stays valid beside the new one: checks of both are answered.
  const auto ours = Simulation::credentials("restart");
  const auto theirs = Simulation::credentials("client2b");
  call.world.params(2).local_ice = {ours.ufrag, ours.pwd};
  call.world.params(2).remote_ice = {theirs.ufrag, theirs.pwd};
  call.world.update(2);
  call.world.run_for(3s);
  assert_int_equal(call.video().missing(), 0);
  const std::uint64_t before = call.video().packets;
  call.subscribers[0]->restart_ice(Simulation::client_address(2, 1), theirs, ours,
                                   call.world.now());
  call.world.run_for(2s);
  assert_int_equal(call.world.network().sent_to(Simulation::client_address(2, 2)), 0);
  assert_true(call.world.network().sent_to(Simulation::client_address(2, 1)) > 150);
  assert_true(call.video().packets >= before + 175);
  assert_int_equal(call.video().missing(), 0);
  assert_true(call.subscribers[0]->connected());
  // Half a minute later consent is still fresh, by the new pair alone.
  call.world.run_for(35s);
  assert_string_equal(call.world.down_reason(2).c_str(), "");
}

namespace {

/// The longest time without video at the first subscriber while `time` passes.
Duration longest_gap(Call& call, Duration time) {
  Duration longest{};
  const Time end = call.world.now() + time;
  while (call.world.now() < end) {
    call.world.run_for(10ms);
    longest = std::max(longest, call.world.now() - call.video().last_at);
  }
  return longest;
}

void restart(Call& call, int round) {
  const auto ours = Simulation::credentials("restart" + std::to_string(round));
  const auto theirs = Simulation::credentials("client2r" + std::to_string(round));
  call.world.params(2).local_ice = {ours.ufrag, ours.pwd};
  call.world.params(2).remote_ice = {theirs.ufrag, theirs.pwd};
  call.world.update(2);
  const auto port = static_cast<std::uint16_t>(round % 4);
  call.subscribers[0]->restart_ice(Simulation::client_address(2, port), theirs, ours,
                                   call.world.now());
}

}  // namespace

static void a_hundred_ice_restarts_leave_no_gap_and_nothing_behind(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(500ms);
  Duration longest{};
  for (int round = 1; round <= 100; ++round) {
    restart(call, round);
    longest = std::max(longest, longest_gap(call, 150ms));
  }
  assert_true(longest <= 300ms);
  assert_int_equal(call.video().missing(), 0);
  const media::Demux& demux = call.world.shard().demux();
  // A nominated pair ends the credentials before it.
  assert_int_equal(demux.ufrags(), 2);
  assert_true(demux.paths() <= 5);
  // Pairs that nobody checks any more are forgotten.
  call.world.run_for(32s);
  assert_int_equal(demux.paths(), 2);
  assert_true(call.subscribers[0]->connected());
}

// Restarts that the client has not heard of yet must not cut it off.
static void checks_of_the_old_ufrag_hold_until_a_new_pair_is_nominated(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  const auto ours = Simulation::credentials("unheard");
  call.world.params(2).local_ice = {ours.ufrag, ours.pwd};
  call.world.update(2);
  assert_true(longest_gap(call, 40s) <= 300ms);
  assert_int_equal(call.world.shard().demux().ufrags(), 3);
  assert_string_equal(call.world.down_reason(2).c_str(), "");
}

// NAT rebinding (threat I9): the next check tells the new address, not before.
static void a_client_whose_port_changes_is_followed_by_its_next_check(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(4s);
  call.subscribers[0]->move(Simulation::client_address(2, 1));
  const std::uint64_t before = call.world.network().sent_to(Simulation::client_address(2, 1));
  assert_int_equal(before, 0);
  call.world.run_for(3s);
  const std::uint64_t moved = call.world.network().sent_to(Simulation::client_address(2, 1));
  assert_true(moved > 20);
  const std::uint64_t old = call.world.network().sent_to(Simulation::client_address(2));
  call.world.run_for(1s);
  assert_int_equal(call.world.network().sent_to(Simulation::client_address(2)), old);
  assert_true(call.world.network().sent_to(Simulation::client_address(2, 1)) > moved + 80);
}

static void a_pause_leaves_no_gap_in_the_numbering(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(1s);
  media::RouteSettings settings;
  settings.paused = true;
  call.world.apply(media::SetRoute{21, settings});
  call.world.run_for(50ms);
  const std::uint64_t paused = call.video().packets;
  call.world.run_for(2s);
  assert_int_equal(call.video().packets, paused);
  settings.paused = false;
  call.world.apply(media::SetRoute{21, settings});
  const std::uint64_t keyframes = call.video().keyframes;
  call.world.run_for(1s);
  assert_true(call.video().packets > paused + 70);
  assert_true(call.video().keyframes > keyframes);
  assert_int_equal(call.video().missing(), 0);
  assert_int_equal(call.video().timestamp_steps_back, 0);
}

static void another_source_goes_on_under_the_same_ssrc(void**) {
  Call call({.subscribers = 2});
  auto video_in = video_line("1");
  auto audio_in = audio_line("0");
  audio_in.receives = true;
  video_in.receives = true;
  ClientPeer& second = call.world.add_client(7, {audio_in, video_in});
  assert_true(call.world.connect_all());
  call.publish();
  FakeSource other;
  other.ssrc = 5555;
  other.mid = "1";
  second.add_source(other, call.world.now());
  call.world.run_for(2s);
  const std::uint8_t first_mark = call.video().last_mark;
  call.world.route(50, {7, 1}, {2, 1});
  call.world.run_for(2s);
  assert_int_equal(call.video().last_mark, 5555 & 0xFF);
  assert_int_not_equal(call.video().last_mark, first_mark);
  assert_int_equal(call.video().missing(), 0);
  assert_int_equal(call.video().timestamp_steps_back, 0);
  assert_int_equal(call.video().duplicates, 0);
  // The other subscriber stays where it was.
  assert_int_equal(call.video(1).last_mark, first_mark);
  // Three routes for two video sinks would be one too many.
  assert_int_equal(call.world.shard().routes(), 4);
}

static FakeSource layer_source(std::uint32_t ssrc, const std::string& rid) {
  FakeSource layer;
  layer.ssrc = ssrc;
  layer.mid = "1";
  layer.rid = rid;
  return layer;
}

static void simulcast_gives_the_layer_that_was_asked_for(void**) {
  Call call;
  auto& lines = call.world.params(1).lines;
  lines[1].rids = {"l", "m", "h"};
  call.world.update(1);
  assert_true(call.world.connect_all());
  const std::uint32_t low = 3001;
  const std::uint32_t high = 3003;
  call.publisher->add_source(layer_source(low, "l"), call.world.now());
  call.publisher->add_source(layer_source(3002, "m"), call.world.now());
  call.world.run_for(1s);
  assert_int_equal(call.video().last_mark, 3002 & 0xFF);
  // The best layer appears late, as browsers do it.
  call.publisher->add_source(layer_source(high, "h"), call.world.now());
  call.world.run_for(1s);
  assert_int_equal(call.video().last_mark, high & 0xFF);
  media::RouteSettings settings;
  settings.substream = 0;
  call.world.apply(media::SetRoute{21, settings});
  call.world.run_for(1s);
  assert_int_equal(call.video().last_mark, low & 0xFF);
  // The layer that is shown goes away: the next best takes its place.
  settings.substream = -1;
  call.world.apply(media::SetRoute{21, settings});
  call.world.run_for(1s);
  assert_int_equal(call.video().last_mark, high & 0xFF);
  call.publisher->stop_source(high);
  call.world.run_for(4s);
  assert_int_equal(call.video().last_mark, 3002 & 0xFF);
  assert_int_equal(call.video().missing(), 0);
  assert_int_equal(call.video().timestamp_steps_back, 0);
}

static void an_echo_is_a_route_from_a_peer_to_itself(void**) {
  Simulation world(5);
  auto line = video_line("0");
  line.receives = true;
  line.sends = true;
  line.send_ssrc = 900;
  ClientPeer& client = world.add_client(1, {line});
  world.route(1, {1, 0}, {1, 0});
  assert_true(world.connect_all());
  FakeSource video;
  video.ssrc = 800;
  video.mid = "0";
  client.add_source(video, world.now());
  world.run_for(2s);
  assert_true(client.received(900).packets > 150);
  assert_int_equal(client.received(900).missing(), 0);
  // Its first key frame serves.
  assert_int_equal(client.plis(800).size(), 0);
}

static void a_peer_that_goes_takes_its_routes_along(void**) {
  Call call({.subscribers = 3});
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(500ms);
  assert_int_equal(call.world.shard().routes(), 6);
  call.world.apply(media::RemovePeer{3});
  assert_int_equal(call.world.shard().routes(), 4);
  call.world.run_for(500ms);
  call.world.apply(media::RemovePeer{1});
  assert_int_equal(call.world.shard().routes(), 0);
  call.world.run_for(3s);
  assert_int_equal(call.world.shard().peers(), 2);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(an_ice_restart_moves_the_path_and_media_goes_on),
      cmocka_unit_test(a_hundred_ice_restarts_leave_no_gap_and_nothing_behind),
      cmocka_unit_test(checks_of_the_old_ufrag_hold_until_a_new_pair_is_nominated),
      cmocka_unit_test(a_client_whose_port_changes_is_followed_by_its_next_check),
      cmocka_unit_test(a_pause_leaves_no_gap_in_the_numbering),
      cmocka_unit_test(another_source_goes_on_under_the_same_ssrc),
      cmocka_unit_test(simulcast_gives_the_layer_that_was_asked_for),
      cmocka_unit_test(an_echo_is_a_route_from_a_peer_to_itself),
      cmocka_unit_test(a_peer_that_goes_takes_its_routes_along),
  };
  return cmocka_run_group_tests_name("scenario/renegotiation", tests, nullptr, nullptr);
}
