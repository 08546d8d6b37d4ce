// The engine with its thread and socket: a client over real UDP on loopback, in real time.
#include <cstring>

#include "core/media/worker_engine.hpp"
#include "core/net/udp_socket.hpp"
#include "tests/scenario/support/simulation.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

namespace {

struct Events final : media::Listener {
  void path_up(media::PeerId peer, const Address& remote) override {
    path = peer;
    path_remote = remote;
  }
  void peer_up(media::PeerId peer) override { up = peer; }
  void peer_down(media::PeerId peer, std::string_view reason) override {
    down = peer;
    down_reason = reason;
  }
  void media_flow(media::LineRef source, bool receiving) override {
    flowing = receiving ? source.peer : 0;
  }
  void slow_link(media::LineRef /*line*/, bool /*uplink*/, std::uint32_t /*lost*/) override {}
  void data_up(media::LineRef /*line*/) override {}
  void data_message(media::PeerId /*peer*/, const media::DataMessage& /*message*/) override {}
  void data_room(media::LineRef /*line*/) override {}
  void layer_changed(media::LineRef /*sink*/, std::int32_t /*substream*/,
                     std::int32_t /*temporal*/) override {}
  void talking(media::LineRef /*source*/, bool /*talks*/, double /*level*/) override {}

  media::PeerId path = 0;
  Address path_remote;
  media::PeerId up = 0;
  media::PeerId down = 0;
  media::PeerId flowing = 0;
  std::string down_reason;
};

/// All that a test needs; made in setup, because a failing assert skips destructors.
struct World {
  World() : engine(options(), {}, metrics, loop) { engine.listen(events); }

  static media::WorkerEngineOptions options() {
    media::WorkerEngineOptions options;
    options.udp_port = 0;
    options.tcp_port = 0;
    options.max_peers = 2;
    return options;
  }

  net::EventLoop loop;
  metrics::Registry metrics;
  Events events;
  media::WorkerEngine engine;
};

int set_up(void** state) {
  auto* world = new World;
  *state = world;
  return world->engine.start() ? 0 : 1;
}

int tear_down(void** state) {
  delete static_cast<World*>(*state);
  return 0;
}

peer::Params params_for(const std::string& fingerprint) {
  auto line = video_line("0");
  line.receives = true;
  line.sends = true;
  line.send_ssrc = 900;
  peer::Params params;
  const auto ours = Simulation::credentials("server");
  const auto theirs = Simulation::credentials("client");
  params.local_ice = {ours.ufrag, ours.pwd};
  params.remote_ice = {theirs.ufrag, theirs.pwd};
  params.remote_fingerprint_hash = fingerprint.substr(0, fingerprint.find(' '));
  params.remote_fingerprint = fingerprint.substr(fingerprint.find(' ') + 1);
  params.lines = {line};
  return params;
}

peer::Params good_params() { return params_for(client_certificate()->fingerprint().to_string()); }

}  // namespace

static void a_client_gets_its_echo_over_real_sockets(void** state) {
  auto& world = *static_cast<World*>(*state);
  assert_true(world.engine.add_peer(5, 0, good_params()).ok());
  assert_true(world.engine.add_route({5, 0}, {5, 0}, {}) != 0);

  net::UdpOptions udp;
  udp.bind = *Address::parse("127.0.0.1", 0);
  auto socket = net::UdpSocket::open(udp);
  assert_true(socket.ok());
  ClientOptions options;
  options.address = socket->local_address();
  options.server = *Address::parse("127.0.0.1", world.engine.udp_port());
  options.local = Simulation::credentials("client");
  options.remote = Simulation::credentials("server");
  options.certificate = client_certificate();
  const auto fingerprint =
      dtls::parse_fingerprint("sha-256 " + world.engine.local_transport().fingerprint);
  assert_true(fingerprint.ok());
  options.server_fingerprint = *fingerprint;
  ClientPeer client(
      options,
      [&](const Address&, const Address& to, Bytes datagram) { socket->send(to, datagram); },
      MonotonicClock::now());

  std::vector<std::uint8_t> buffer(1600);
  net::ReceiveSlot slot;
  bool publishing = false;
  const Time end = MonotonicClock::now() + 20s;
  while (client.received(900).packets < 60 && MonotonicClock::now() < end) {
    world.loop.run_once(2ms);
    const Time now = MonotonicClock::now();
    slot.buffer = buffer;
    while (socket->receive_batch({&slot, 1}) == 1) {
      client.receive(slot.bytes(), slot.from, now);
      slot.buffer = buffer;
    }
    client.poll(now);
    if (client.connected() && !publishing) {
      publishing = true;
      FakeSource video;
      video.ssrc = 800;
      video.mid = "0";
      client.add_source(video, now);
    }
  }
  assert_true(client.received(900).packets >= 60);
  assert_int_equal(client.received(900).missing(), 0);
  assert_int_equal(world.events.path, 5);
  assert_true(world.events.path_remote.is_loopback());
  assert_int_equal(world.events.up, 5);
  assert_int_equal(world.events.flowing, 5);

  client.close();
  while (world.events.down == 0 && MonotonicClock::now() < end) {
    world.loop.run_once(5ms);
  }
  assert_int_equal(world.events.down, 5);
  assert_string_equal(world.events.down_reason.c_str(), "DTLS alert");
  world.engine.stop();
  const std::string text = world.metrics.render();
  assert_non_null(std::strstr(text.c_str(), "cardea_media_rtp_forwarded_total 6"));
}

static void garbage_is_counted_and_gets_no_answer(void** state) {
  auto& world = *static_cast<World*>(*state);
  net::UdpOptions udp;
  udp.bind = *Address::parse("127.0.0.1", 0);
  auto socket = net::UdpSocket::open(udp);
  const Address server = *Address::parse("127.0.0.1", world.engine.udp_port());
  for (int first = 0; first < 256; ++first) {
    std::vector<std::uint8_t> bytes(64, static_cast<std::uint8_t>(first));
    socket->send(server, bytes);
  }
  const Time end = MonotonicClock::now() + 300ms;
  while (MonotonicClock::now() < end) {
    world.loop.run_once(10ms);
  }
  std::vector<std::uint8_t> buffer(1600);
  net::ReceiveSlot slot;
  slot.buffer = buffer;
  assert_int_equal(socket->receive_batch({&slot, 1}), 0);
  world.engine.stop();
  const std::string text = world.metrics.render();
  assert_non_null(std::strstr(text.c_str(), "cardea_media_received_packets_total 256"));
  assert_non_null(std::strstr(text.c_str(), "reason=\"not_webrtc\""));
  assert_non_null(std::strstr(text.c_str(), "cardea_media_sent_packets_total 0"));
}

static void bad_peers_are_refused_at_once(void** state) {
  auto& world = *static_cast<World*>(*state);
  assert_false(world.engine.add_peer(1, 0, params_for("sha-1 AA:BB")).ok());
  auto weak = good_params();
  weak.local_ice.password = "short";
  assert_false(world.engine.add_peer(1, 0, weak).ok());
  assert_true(world.engine.add_peer(1, 0, good_params()).ok());
  assert_false(world.engine.add_peer(1, 0, good_params()).ok());
  assert_true(world.engine.add_peer(2, 0, good_params()).ok());
  const auto full = world.engine.add_peer(3, 0, good_params());
  assert_false(full.ok());
  assert_non_null(std::strstr(full.error().message.c_str(), "too many"));
  world.engine.remove_peer(2);
  assert_true(world.engine.add_peer(3, 0, good_params()).ok());
  assert_int_equal(world.engine.add_route({1, 0}, {9, 0}, {}), 0);
}

static void a_port_in_use_is_named(void** state) {
  auto& world = *static_cast<World*>(*state);
  media::WorkerEngineOptions options;
  options.udp_port = world.engine.udp_port();
  options.tcp_port = 0;
  media::WorkerEngine second(options, {}, world.metrics, world.loop);
  const auto started = second.start();
  assert_false(started.ok());
  const std::string name = "127.0.0.1:" + std::to_string(options.udp_port);
  assert_non_null(std::strstr(started.error().message.c_str(), name.c_str()));
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_client_gets_its_echo_over_real_sockets, set_up, tear_down),
      cmocka_unit_test_setup_teardown(garbage_is_counted_and_gets_no_answer, set_up, tear_down),
      cmocka_unit_test_setup_teardown(bad_peers_are_refused_at_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_port_in_use_is_named, set_up, tear_down),
  };
  return cmocka_run_group_tests_name("scenario/worker", tests, nullptr, nullptr);
}
