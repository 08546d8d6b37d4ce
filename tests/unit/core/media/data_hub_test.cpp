// The data thread's work without its thread: peers that are each other's remotes, on virtual time.
#include "core/media/data_hub.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/cmocka.hpp"

namespace {

using namespace cardea::media;  // NOLINT: the folder under test
using cardea::Mailbox;
using cardea::Time;

constexpr std::uint32_t kEpoch = 7;

/// Peers 1 and 2 are connected to each other, and so are 3 and 4.
class World {
 public:
  World() : hub({}) {
    for (PeerId peer = 1; peer <= 4; ++peer) {
      DataUp begin;
      begin.line = {peer, 2};
      begin.epoch = kEpoch;
      begin.options.dtls_client = peer % 2 == 1;
      begin.options.remote_max_message = cardea::sctp::kMaxMessage;
      begin.packets = &out.try_emplace(peer, 4096).first->second;
      hub.take(begin);
    }
    run([&] { return up.size() == 4; });
  }

  static PeerId other(PeerId peer) { return peer % 2 == 1 ? peer + 1 : peer - 1; }

  template <typename Done>
  bool run(Done done, int ticks = 1000) {
    for (int i = 0; i < ticks; ++i, now += cardea::sctp::Stack::kTick) {
      for (int k = 0; k < 50; ++k) {
        hub.turn(now);
        pass_packets();
        take_notices();
      }
      if (done()) {
        return true;
      }
    }
    return false;
  }
  void send(PeerId peer, std::string payload, std::string label = "chat") {
    hub.take(SendData{peer, kEpoch, {std::move(label), "", false, std::move(payload)}});
  }

  std::map<PeerId, Mailbox<PeerPackets>> out;
  DataHub hub;
  std::set<PeerId> up;
  std::set<PeerId> down;
  std::map<PeerId, std::vector<DataMessage>> got;
  std::map<PeerId, std::size_t> sent_on;
  std::set<PeerId> deaf;  ///< get no packets
  bool control_takes = true;
  Time now{std::chrono::hours(1)};

 private:
  void pass_packets() {
    for (auto& [peer, box] : out) {
      for (PeerPackets& batch : box.take_all()) {
        if (!deaf.contains(other(peer))) {
          hub.take(PeerPackets{other(peer), kEpoch, std::move(batch.packets)});
        }
      }
    }
  }
  void take_notices() {
    for (DataNotice& notice : hub.take_notices()) {
      if (std::holds_alternative<ChannelsUp>(notice.what)) {
        up.insert(notice.peer);
      } else if (std::holds_alternative<ChannelsDown>(notice.what)) {
        down.insert(notice.peer);
      } else if (auto* arrived = std::get_if<DataArrived>(&notice.what)) {
        const std::size_t cost = cost_of(arrived->message.payload);
        got[notice.peer].push_back(std::move(arrived->message));
        if (control_takes) {
          hub.take(DataTaken{notice.peer, notice.epoch, 1, cost});
        }
      } else if (const auto* sent = std::get_if<DataSentOn>(&notice.what)) {
        sent_on[notice.peer] += sent->bytes;
      }
    }
  }
};

// cmocka leaves a failing test by longjmp: the world is the test's state, so that it is freed.
int set_up(void** state) {
  *state = new World;
  return 0;
}
int tear_down(void** state) {
  delete static_cast<World*>(*state);
  return 0;
}
World& world(void** state) { return *static_cast<World*>(*state); }

void what_control_sends_arrives_and_is_accounted(void** state) {
  World& w = world(state);
  assert_int_equal(w.up.size(), 4);
  w.send(1, "hello");
  assert_true(w.run([&] { return !w.got[2].empty(); }));
  assert_string_equal(w.got[2][0].payload.c_str(), "hello");
  assert_string_equal(w.got[2][0].label.c_str(), "chat");
  assert_int_equal(w.sent_on[1], cost_of("hello"));
  assert_int_equal(w.hub.counters().messages_in, 1);
}

void a_route_passes_messages_on_without_control(void** state) {
  World& w = world(state);
  w.hub.take(AddRoute{9, {2, 2}, {3, 2}, {}});
  w.send(1, "routed", "talk");
  assert_true(w.run([&] { return !w.got[4].empty(); }));
  assert_string_equal(w.got[4][0].payload.c_str(), "routed");
  assert_string_equal(w.got[4][0].label.c_str(), "talk");
  assert_true(w.got[2].empty());
}

void a_sink_takes_several_routes_and_a_paused_one_passes_nothing(void** state) {
  World& w = world(state);
  w.hub.take(AddRoute{9, {2, 2}, {3, 2}, {}});
  w.hub.take(AddRoute{10, {1, 2}, {3, 2}, {}});
  RouteSettings paused;
  paused.paused = true;
  w.hub.take(SetRoute{10, paused});
  w.send(2, "paused");
  w.send(1, "one");
  assert_true(w.run([&] { return !w.got[4].empty(); }));
  w.hub.take(SetRoute{10, {}});
  w.send(2, "two");
  assert_true(w.run([&] { return w.got[4].size() == 2; }));
  assert_string_equal(w.got[4][0].payload.c_str(), "one");
  assert_string_equal(w.got[4][1].payload.c_str(), "two");
}

/// Written on the observers' thread, read after its end.
struct Notes final : Observer {
  void packets(std::span<const ObservedPacket> packets, std::uint64_t lost) override {
    missed += lost;
    for (const ObservedPacket& packet : packets) {
      texts.emplace_back(cardea::as_text(packet.packet));
    }
  }
  void ended() override { ++ends; }
  std::vector<std::string> texts;
  std::uint64_t missed = 0;
  int ends = 0;
};

void a_tap_observes_what_goes_to_control_and_on_routes(void** state) {
  World& w = world(state);
  const auto notes = std::make_shared<Notes>();
  const auto of_gone_peer = std::make_shared<Notes>();
  {
    ObserverThread thread;
    const auto tap = [&](const std::shared_ptr<Notes>& to) {
      return std::make_shared<DataTap>(
          std::make_shared<ObserverQueue>(thread, to, cardea::metrics::Counter()));
    };
    w.hub.take(AddDataTap{21, 2, false, tap(notes)});
    w.hub.take(AddDataTap{22, 3, false, tap(of_gone_peer)});
    w.send(1, "to control");
    assert_true(w.run([&] { return w.got[2].size() == 1; }));
    w.hub.take(AddRoute{9, {2, 2}, {3, 2}, {}});
    w.send(1, "routed");
    assert_true(w.run([&] { return w.got[4].size() == 1; }));
    RouteSettings paused;
    paused.paused = true;
    w.hub.take(SetRoute{21, paused});
    w.send(1, "paused");
    assert_true(w.run([&] { return w.got[4].size() == 2; }));
    w.hub.take(RemoveRoute{21});
    w.send(1, "after its end");
    assert_true(w.run([&] { return w.got[4].size() == 3; }));
    w.hub.take(RemovePeer{3});
  }
  assert_int_equal(notes->texts.size(), 2);
  assert_string_equal(notes->texts[0].c_str(), "to control");
  assert_string_equal(notes->texts[1].c_str(), "routed");
  assert_int_equal(notes->missed, 0);
  assert_int_equal(notes->ends, 1);
  assert_int_equal(of_gone_peer->ends, 1);
}

void threat_m10_who_floods_control_waits_and_the_others_do_not(void** state) {
  World& w = world(state);
  w.control_takes = false;
  for (int i = 0; i < 500; ++i) {
    w.send(1, std::to_string(i));
  }
  w.run([] { return false; }, 100);
  assert_int_equal(w.got[2].size(), LinkLimits{}.messages_at_control);
  w.send(3, "calm");
  assert_true(w.run([&] { return !w.got[4].empty(); }, 10));
  w.control_takes = true;
  w.hub.take(DataTaken{2, kEpoch, w.got[2].size(), 1'000'000});
  assert_true(w.run([&] { return w.got[2].size() == 500; }));
}

void threat_m10_a_reader_that_is_gone_costs_no_more_than_its_queue(void** state) {
  World& w = world(state);
  w.hub.take(AddRoute{9, {2, 2}, {3, 2}, {}});
  w.deaf.insert(4);
  const std::string text(10'000, 'x');
  for (int i = 0; i < 300; ++i) {
    w.send(1, text);
  }
  assert_true(w.run([&] { return w.hub.counters().messages_in == 300; }));
  assert_true(w.hub.counters().queue_full > 0);
  // The others go on.
  w.hub.take(RemoveRoute{9});
  w.send(1, "still here");
  assert_true(w.run([&] { return !w.got[2].empty(); }));
}

void threat_m10_packets_beyond_a_peers_inbox_are_dropped(void** state) {
  World& w = world(state);
  std::vector<std::vector<std::uint8_t>> flood(2000, std::vector<std::uint8_t>(100, 1));
  w.hub.take(PeerPackets{2, kEpoch, flood});
  assert_int_equal(w.hub.counters().inbox_full, 2000 - LinkLimits{}.inbox_packets);
  w.send(1, "after the flood");
  assert_true(w.run([&] { return !w.got[2].empty(); }));
}

void what_is_gone_leaves_nothing_behind(void** state) {
  World& w = world(state);
  w.hub.take(AddRoute{9, {2, 2}, {3, 2}, {}});
  w.hub.take(AddRoute{10, {3, 2}, {3, 2}, {}});
  assert_int_equal(w.hub.routes(), 2);
  w.hub.take(RemovePeer{2});
  assert_int_equal(w.hub.routes(), 1);
  w.hub.take(DataDown{2, kEpoch - 1});
  assert_int_equal(w.hub.links(), 4);
  w.hub.take(DataDown{2, kEpoch});
  assert_int_equal(w.hub.links(), 3);
  // Of another life of that peer, or of nobody: harmless.
  w.send(2, "to nobody");
  w.hub.take(PeerPackets{2, kEpoch, {{1, 2, 3}}});
  w.hub.take(SendData{3, kEpoch + 1, {"chat", "", false, "old"}});
  w.run([] { return false; }, 5);
  assert_true(w.got[4].empty());
}

}  // namespace

int main() {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const CMUnitTest tests[] = {
      TEST(what_control_sends_arrives_and_is_accounted),
      TEST(a_route_passes_messages_on_without_control),
      TEST(a_sink_takes_several_routes_and_a_paused_one_passes_nothing),
      TEST(a_tap_observes_what_goes_to_control_and_on_routes),
      TEST(threat_m10_who_floods_control_waits_and_the_others_do_not),
      TEST(threat_m10_a_reader_that_is_gone_costs_no_more_than_its_queue),
      TEST(threat_m10_packets_beyond_a_peers_inbox_are_dropped),
      TEST(what_is_gone_leaves_nothing_behind),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
