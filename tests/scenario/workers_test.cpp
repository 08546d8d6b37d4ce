// Several workers behind one port: rooms over real sockets on loopback, in real time. Datagrams
// come to the worker that the kernel chooses, so about half of them are handed over.
#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "core/media/worker_engine.hpp"
#include "core/net/udp_socket.hpp"
#include "tests/scenario/support/simulation.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kRooms = 6;
constexpr std::uint32_t kIn = 800;
constexpr std::uint32_t kOut = 900;
constexpr Duration kPatience = 60s;

struct Events final : media::Listener {
  void path_up(media::PeerId /*peer*/, const Address& /*remote*/) override {}
  void peer_up(media::PeerId /*peer*/) override {}
  void peer_down(media::PeerId /*peer*/, std::string_view /*reason*/) override { ++down; }
  void media_flow(media::LineRef /*source*/, bool /*receiving*/) override {}
  void slow_link(media::LineRef /*line*/, bool /*uplink*/, std::uint32_t /*lost*/) override {}
  void data_up(media::LineRef /*line*/) override {}
  void data_message(media::PeerId /*peer*/, const media::DataMessage& /*message*/) override {}
  void data_room(media::LineRef /*line*/) override {}
  void layer_changed(media::LineRef /*sink*/, std::int32_t /*substream*/,
                     std::int32_t /*temporal*/) override {}
  void talking(media::LineRef /*source*/, bool /*talks*/, double /*level*/) override {}

  std::size_t down = 0;
};

/// A client on a socket of its own.
class Person {
 public:
  Person(media::WorkerEngine& engine, media::PeerId id, std::uint64_t room, bool sends)
      : engine_(engine), id_(id) {
    net::UdpOptions udp;
    udp.bind = *Address::parse("127.0.0.1", 0);
    udp.receive_buffer = udp.send_buffer = 256 * 1024;
    socket_.emplace(*net::UdpSocket::open(udp));
    const std::string name = std::to_string(id);
    assert_true(engine.add_peer(id, room, params(name, sends)).ok());
    ClientOptions options;
    options.address = socket_->local_address();
    options.server = *Address::parse("127.0.0.1", engine.udp_port());
    options.local = Simulation::credentials("client" + name);
    options.remote = Simulation::credentials("server" + name);
    options.certificate = client_certificate();
    options.server_fingerprint =
        *dtls::parse_fingerprint("sha-256 " + engine.local_transport().fingerprint);
    options.seed = id;
    client_.emplace(
        options,
        [this](const Address&, const Address& to, Bytes datagram) { socket_->send(to, datagram); },
        MonotonicClock::now());
  }
  ~Person() { engine_.remove_peer(id_); }
  Person(const Person&) = delete;
  Person& operator=(const Person&) = delete;

  void poll(Time now) {
    std::vector<std::uint8_t> buffer(1600);
    net::ReceiveSlot slot;
    slot.buffer = buffer;
    while (socket_->receive_batch({&slot, 1}) == 1) {
      client_->receive(slot.bytes(), slot.from, now);
      slot.buffer = buffer;
    }
    client_->poll(now);
  }
  void publish(Time now) {
    FakeSource video;
    video.ssrc = kIn;
    video.mid = "0";
    client_->add_source(video, now);
  }
  [[nodiscard]] bool connected() const { return client_->connected(); }
  [[nodiscard]] const ReceivedStream& got() { return client_->received(kOut); }
  [[nodiscard]] media::PeerId id() const { return id_; }

 private:
  static peer::Params params(const std::string& name, bool sends) {
    auto line = video_line("0");
    line.receives = sends;
    line.sends = !sends;
    line.send_ssrc = kOut;
    peer::Params params;
    const auto ours = Simulation::credentials("server" + name);
    const auto theirs = Simulation::credentials("client" + name);
    const std::string fingerprint = client_certificate()->fingerprint().to_string();
    params.local_ice = {ours.ufrag, ours.pwd};
    params.remote_ice = {theirs.ufrag, theirs.pwd};
    params.remote_fingerprint_hash = fingerprint.substr(0, fingerprint.find(' '));
    params.remote_fingerprint = fingerprint.substr(fingerprint.find(' ') + 1);
    params.lines = {line};
    return params;
  }

  media::WorkerEngine& engine_;
  media::PeerId id_;
  std::optional<net::UdpSocket> socket_;
  std::optional<ClientPeer> client_;
};

struct Room {
  std::unique_ptr<Person> publisher;
  std::unique_ptr<Person> viewer;
  bool publishing = false;
};

struct World {
  World() : engine(options(), {}, metrics, loop) { engine.listen(events); }

  static media::WorkerEngineOptions options() {
    media::WorkerEngineOptions options;
    options.udp_port = 0;
    options.tcp_port = 0;
    options.workers = 2;
    return options;
  }

  std::unique_ptr<Person> person(std::uint64_t room, bool sends) {
    return std::make_unique<Person>(engine, ++last_id, room, sends);
  }
  void open(std::uint64_t number) {
    Room& room = rooms.at(number);
    room.publishing = false;
    room.publisher = person(number + 1, true);
    room.viewer = person(number + 1, false);
    assert_true(engine.add_route({room.publisher->id(), 0}, {room.viewer->id(), 0}, {}) != 0);
  }
  void turn() {
    loop.run_once(1ms);
    const Time now = MonotonicClock::now();
    for (Room& room : rooms) {
      room.publisher->poll(now);
      room.viewer->poll(now);
      if (!room.publishing && room.publisher->connected() && room.viewer->connected()) {
        room.publishing = true;
        room.publisher->publish(now);
      }
    }
  }
  template <typename Done>
  bool until(Done done) {
    const Time end = MonotonicClock::now() + kPatience;
    while (!done()) {
      if (MonotonicClock::now() > end) {
        return false;
      }
      turn();
    }
    return true;
  }
  bool all_watch(std::uint64_t packets) {
    return until([&] {
      return std::all_of(rooms.begin(), rooms.end(),
                         [&](Room& room) { return room.viewer->got().packets >= packets; });
    });
  }
  std::vector<media::WorkerStats> stats() {
    std::optional<std::vector<media::WorkerStats>> answer;
    engine.query_workers([&](std::vector<media::WorkerStats> all) { answer = std::move(all); });
    assert_true(until([&] { return answer.has_value(); }));
    return *answer;
  }

  net::EventLoop loop;
  metrics::Registry metrics;
  Events events;
  media::WorkerEngine engine;
  media::PeerId last_id = 0;
  std::vector<Room> rooms{kRooms};
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

std::uint64_t figure(const metrics::Registry& metrics, const std::string& name) {
  const std::string text = "\n" + metrics.render();
  const std::size_t at = text.find("\n" + name + " ");
  assert_true(at != std::string::npos);
  return std::stoull(text.substr(at + name.size() + 2));
}

}  // namespace

static void rooms_spread_over_two_workers_and_all_see_their_publisher(void** state) {
  auto& world = *static_cast<World*>(*state);
  for (std::uint64_t room = 0; room < kRooms; ++room) {
    world.open(room);
  }
  assert_true(world.all_watch(100));
  for (Room& room : world.rooms) {
    assert_int_equal(room.viewer->got().missing(), 0);
  }
  const auto stats = world.stats();
  assert_int_equal(stats.size(), 2);
  assert_int_equal(stats[0].peers, kRooms);
  assert_int_equal(stats[1].peers, kRooms);
  // Peers of different rooms may be apart, and then there is no route between them.
  assert_int_equal(world.engine.add_route({world.rooms[0].publisher->id(), 0},
                                          {world.rooms[1].viewer->id(), 0}, {}),
                   0);
  assert_int_equal(world.events.down, 0);
  world.engine.stop();
  assert_true(figure(world.metrics, "cardea_media_handed_over_total") > 20);
  assert_int_equal(figure(world.metrics, "cardea_limit_hits_total{limit=\"media_hand_over\"}"), 0);
}

static void people_who_come_and_go_leave_nothing_behind(void** state) {
  auto& world = *static_cast<World*>(*state);
  for (std::uint64_t room = 0; room < kRooms; ++room) {
    world.open(room);
  }
  for (int round = 0; round < 12; ++round) {
    // One leaves in the middle of it all, also in the middle of a handshake; the others see on.
    assert_true(world.until([&] { return world.rooms[0].viewer->connected(); }));
    const std::uint64_t room = 1 + static_cast<std::uint64_t>(round) % (kRooms - 1);
    world.rooms[room].viewer.reset();
    world.rooms[room].publisher.reset();
    world.open(room);
    for (int i = 0; i < 20; ++i) {
      world.turn();
    }
  }
  assert_true(world.all_watch(50));
  for (Room& room : world.rooms) {
    assert_int_equal(room.viewer->got().missing(), 0);
    room.viewer.reset();
    room.publisher.reset();
  }
  std::optional<std::vector<media::WorkerStats>> answer;
  world.engine.query_workers([&](std::vector<media::WorkerStats> all) { answer = std::move(all); });
  while (!answer) {
    world.loop.run_once(5ms);
  }
  assert_int_equal(answer->at(0).peers + answer->at(1).peers, 0);
  assert_int_equal(answer->at(0).routes + answer->at(1).routes, 0);
}

static void a_port_of_another_server_is_refused_although_workers_share_theirs(void** state) {
  auto& world = *static_cast<World*>(*state);
  auto options = World::options();
  options.udp_port = world.engine.udp_port();
  media::WorkerEngine second(options, {}, world.metrics, world.loop);
  const auto started = second.start();
  assert_false(started.ok());
  assert_non_null(
      std::strstr(started.error().message.c_str(), std::to_string(options.udp_port).c_str()));
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(rooms_spread_over_two_workers_and_all_see_their_publisher,
                                      set_up, tear_down),
      cmocka_unit_test_setup_teardown(people_who_come_and_go_leave_nothing_behind, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(
          a_port_of_another_server_is_refused_although_workers_share_theirs, set_up, tear_down),
  };
  return cmocka_run_group_tests_name("scenario/workers", tests, nullptr, nullptr);
}
