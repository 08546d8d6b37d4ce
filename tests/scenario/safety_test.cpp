// What foreign or hostile datagrams can and cannot do to a call (threats I1, I9, M1, M2, M4).
#include "tests/scenario/support/call.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

// M4
static void a_replayed_packet_is_forwarded_once(void**) {
  Call call;
  assert_true(call.world.connect_all());
  Network& network = call.world.network();
  std::vector<std::vector<std::uint8_t>> taken;
  const Address publisher = Simulation::client_address(1);
  network.set_filter([&](const Address& from, const Address& /*to*/, Bytes datagram) {
    if (from == publisher && datagram[0] >= 128 && taken.size() < 200) {
      taken.emplace_back(datagram.begin(), datagram.end());
    }
    return true;
  });
  call.publish();
  call.world.run_for(1s);
  network.set_filter({});
  for (int round = 0; round < 3; ++round) {
    for (const auto& datagram : taken) {
      network.send(publisher, Simulation::server_address(), datagram);
    }
    call.world.run_for(500ms);
  }
  assert_true(taken.size() > 100);
  assert_int_equal(call.world.dropped(peer::Drop::SrtpReplay), 3 * taken.size());
  assert_int_equal(call.video().duplicates, 0);
  assert_int_equal(call.audio().duplicates, 0);
}

// I9
static void media_from_an_address_without_a_check_is_dropped(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(1s);
  const std::uint64_t before = call.video().packets;
  const Address elsewhere = Simulation::client_address(1, 3);
  call.publisher->stop_source(kVideoIn);
  call.world.run_for(200ms);
  const std::uint64_t stopped = call.video().packets;
  assert_true(stopped >= before);
  // The very keys, another port.
  std::vector<std::uint8_t> packet(200, 0);
  packet[0] = 0x80;
  packet[1] = 96;
  store_u32(packet.data() + 8, kVideoIn);
  for (std::uint16_t seq = 100; seq < 120; ++seq) {
    store_u16(packet.data() + 2, seq);
    call.publisher->send_rtp(packet, call.world.now(), &elsewhere);
  }
  call.world.run_for(500ms);
  assert_int_equal(call.video().packets, stopped);
  assert_int_equal(call.world.dropped(peer::Drop::UnknownPeer), 20);
  // And nothing is sent there.
  assert_int_equal(call.world.shard().peers(), 2);
}

// M1
static void a_foreign_client_hello_does_not_end_the_handshake(void**) {
  Call call;
  Simulation& world = call.world;
  std::vector<std::uint8_t> hello(120, 0);
  hello[0] = 22;
  hello[1] = 0xFE;
  hello[2] = 0xFD;
  hello[13] = 1;
  for (int i = 0; i < 40; ++i) {
    world.network().send(*Address::parse("10.9.9.9", 4000), Simulation::server_address(), hello);
    world.run_for(5ms);
  }
  assert_true(world.connect_all());
  assert_int_equal(world.dropped(peer::Drop::UnknownPeer), 40);
  call.publish();
  world.run_for(1s);
  assert_true(call.video().packets > 50);
}

// I1
static void media_stops_when_consent_ends(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(5s);
  call.subscribers[0]->stop_ice();
  const Time stopped = call.world.now();
  call.world.run_for(25s);
  assert_string_equal(call.world.down_reason(2).c_str(), "");
  call.world.run_for(10s);
  assert_string_equal(call.world.down_reason(2).c_str(), "ICE consent expired");
  assert_true(call.subscribers[0]->last_media() <= stopped + 30s + 50ms);
  assert_true(call.subscribers[0]->last_media() >= stopped + 20s);
  // The publisher is not touched, and the route is gone with its sink.
  assert_string_equal(call.world.down_reason(1).c_str(), "");
  assert_int_equal(call.world.shard().peers(), 1);
  assert_int_equal(call.world.shard().routes(), 0);
}

static void a_peer_that_never_checks_is_given_up(void**) {
  Call call;
  call.subscribers[0]->stop_ice();
  call.world.run_for(31s);
  assert_string_equal(call.world.down_reason(2).c_str(), "ICE failed");
}

// I9: the path itself may be forged too, but not without the password.
static void a_check_with_a_wrong_password_moves_nothing(void**) {
  Call call;
  assert_true(call.world.connect_all());
  auto wrong = Simulation::credentials("server2");
  wrong.pwd = "wrongwrongwrongwrongwrong";
  const auto theirs = Simulation::credentials("client2");
  call.publish();
  call.world.run_for(1s);
  call.subscribers[0]->restart_ice(Simulation::client_address(2, 1), theirs, wrong,
                                   call.world.now());
  call.world.run_for(2s);
  assert_true(call.world.dropped(peer::Drop::StunIntegrity) > 0);
  assert_true(call.video().packets > 200);
}

// M2
static void handshakes_beyond_the_cap_wait(void**) {
  media::ShardOptions options;
  options.max_handshakes = 2;
  Call call({.subscribers = 9, .shard = options});
  std::size_t most = 0;
  for (int i = 0; i < 400; ++i) {
    call.world.run_for(5ms);
    most = std::max(most, call.world.shard().handshakes());
  }
  assert_true(call.world.connect_all());
  assert_in_range(most, 1, 2);
  assert_true(call.world.dropped(peer::Drop::HandshakeCap) > 0);
  assert_int_equal(call.world.shard().handshakes(), 0);
}

static void a_close_notify_ends_the_peer_and_frees_its_routes(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.publish();
  call.world.run_for(500ms);
  call.subscribers[0]->close();
  call.world.run_for(200ms);
  assert_string_equal(call.world.down_reason(2).c_str(), "DTLS alert");
  assert_int_equal(call.world.shard().routes(), 0);
  call.world.run_for(1s);
  assert_int_equal(call.world.shard().peers(), 1);
}

static void removing_a_peer_says_goodbye(void**) {
  Call call;
  assert_true(call.world.connect_all());
  call.world.apply(media::RemovePeer{2});
  call.world.run_for(200ms);
  assert_true(call.subscribers[0]->dtls_state() == dtls::State::Closed);
  assert_string_equal(call.world.down_reason(2).c_str(), "");
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_replayed_packet_is_forwarded_once),
      cmocka_unit_test(media_from_an_address_without_a_check_is_dropped),
      cmocka_unit_test(a_foreign_client_hello_does_not_end_the_handshake),
      cmocka_unit_test(media_stops_when_consent_ends),
      cmocka_unit_test(a_peer_that_never_checks_is_given_up),
      cmocka_unit_test(a_check_with_a_wrong_password_moves_nothing),
      cmocka_unit_test(handshakes_beyond_the_cap_wait),
      cmocka_unit_test(a_close_notify_ends_the_peer_and_frees_its_routes),
      cmocka_unit_test(removing_a_peer_says_goodbye),
  };
  return cmocka_run_group_tests_name("scenario/safety", tests, nullptr, nullptr);
}
