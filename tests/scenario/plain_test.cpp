// Packets that leave WebRTC: forwarded as RTP and SRTP, and observed by a tap.
#include <condition_variable>
#include <mutex>

#include "core/media/observer_thread.hpp"
#include "core/media/tap.hpp"
#include "core/rtp/rtcp_reader.hpp"
#include "core/rtp/rtcp_writer.hpp"
#include "core/rtp/sequence.hpp"
#include "core/srtp/session.hpp"
#include "tests/scenario/support/call.hpp"
#include "tests/support/cmocka.hpp"

using namespace cardea;
using namespace cardea::scenario;
using namespace std::chrono_literals;

namespace {

/// A program outside that gets RTP at one port and sends RTCP from another.
struct Outside {
  explicit Outside(Simulation& world) : world_(world) {
    world.network().attach(rtp, [this](MutableBytes datagram, const Address&, Time) {
      datagrams.emplace_back(datagram.begin(), datagram.end());
    });
    world.network().attach(rtcp, [this](MutableBytes datagram, const Address& from, Time) {
      rtcp_from = from;
      rtcp_bytes = datagram.size();
    });
  }
  void ask_for_keyframe(std::uint32_t ssrc) {
    std::array<std::uint8_t, 64> buffer{};
    rtp::RtcpWriter writer(buffer);
    writer.receiver_report(7);
    writer.pli(7, ssrc);
    world_.network().send(rtcp, rtcp_from, writer.written());
  }

  Address rtp = *Address::parse("10.0.2.1", 40'000);
  Address rtcp = *Address::parse("10.0.2.1", 40'001);
  std::vector<std::vector<std::uint8_t>> datagrams;
  Address rtcp_from;
  std::size_t rtcp_bytes = 0;

 private:
  Simulation& world_;
};

struct Notes final : media::Observer {
  void packets(std::span<const media::ObservedPacket> packets, std::uint64_t lost_now) override {
    const std::scoped_lock lock(mutex);
    lost += lost_now;
    for (const media::ObservedPacket& packet : packets) {
      const auto parsed = rtp::Packet::parse(packet.packet);
      seqs.push_back(parsed ? parsed->seq() : -1);
      keyframes += packet.keyframe ? 1 : 0;
    }
  }
  void ended() override {
    const std::scoped_lock lock(mutex);
    ++ends;
  }
  std::mutex mutex;
  std::vector<int> seqs;
  int keyframes = 0;
  std::uint64_t lost = 0;
  int ends = 0;
};

}  // namespace

static void a_source_is_forwarded_as_plain_rtp(void**) {
  Call call;
  Outside outside(call.world);
  assert_true(call.world.connect_all());
  media::ForwardSettings settings;
  settings.to = outside.rtp;
  settings.ssrc = 4711;
  settings.payload_type = 120;
  call.world.apply(media::AddForward{900, {1, 1}, settings});
  call.publish();
  call.world.run_for(3s);
  assert_in_range(outside.datagrams.size(), 250, 280);
  std::uint16_t expected = rtp::Packet::parse(outside.datagrams[0])->seq();
  for (const auto& datagram : outside.datagrams) {
    const auto packet = rtp::Packet::parse(datagram);
    assert_true(packet.has_value());
    assert_int_equal(packet->ssrc(), 4711);
    assert_int_equal(packet->payload_type(), 120);
    assert_int_equal(packet->seq(), expected++);
  }
  call.world.apply(media::RemoveRoute{900});
  outside.datagrams.clear();
  call.world.run_for(1s);
  // What was on its way.
  assert_true(outside.datagrams.size() <= 6);
}

static void the_receiver_may_ask_for_key_frames(void**) {
  Call call;
  Outside outside(call.world);
  assert_true(call.world.connect_all());
  media::ForwardSettings settings;
  settings.to = outside.rtp;
  settings.rtcp_port = outside.rtcp.port();
  call.publish();
  call.world.apply(media::AddForward{900, {1, 1}, settings});
  call.world.run_for(3s);
  assert_true(outside.rtcp_bytes > 0);
  assert_true(outside.rtcp_from == Simulation::plain_address());
  const std::size_t before = call.publisher->plis(kVideoIn).size();
  outside.ask_for_keyframe(rtp::Packet::parse(outside.datagrams[0])->ssrc());
  call.world.run_for(1s);
  assert_int_equal(call.publisher->plis(kVideoIn).size(), before + 1);
}

static void srtp_is_forwarded_under_the_keys_given(int suite) {
  Call call;
  Outside outside(call.world);
  assert_true(call.world.connect_all());
  media::ForwardSettings settings;
  settings.to = outside.rtp;
  settings.keys.suite = suite;
  for (std::uint8_t i = 0; i < 30; ++i) {
    settings.keys.key.push_back(i);
  }
  call.world.apply(media::AddForward{900, {1, 1}, settings});
  call.publish();
  call.world.run_for(1s);
  assert_true(outside.datagrams.size() > 60);
  auto session = media::session_for(settings.keys);
  assert_true(session.ok());
  for (auto& datagram : outside.datagrams) {
    const std::size_t sealed = datagram.size();
    const auto opened = (*session)->unprotect_rtp(datagram);
    assert_true(static_cast<bool>(opened));
    assert_int_equal(sealed - opened.size, suite / 8);
  }
}

static void srtp_with_a_long_tag(void**) { srtp_is_forwarded_under_the_keys_given(80); }
static void srtp_with_a_short_tag(void**) { srtp_is_forwarded_under_the_keys_given(32); }

static void a_tap_gets_what_a_route_would_send_and_ends_once(void**) {
  auto notes = std::make_shared<Notes>();
  {
    media::ObserverThread thread;
    Call call;
    assert_true(call.world.connect_all());
    call.publish();
    call.publisher->source(kVideoIn).temporal = true;
    call.world.run_for(500ms);
    auto queue = std::make_shared<media::ObserverQueue>(thread, notes, metrics::Counter());
    call.world.apply(media::AddTap{
        800, {1, 1}, {.temporal = 1}, std::make_shared<media::Tap>(std::move(queue))});
    call.world.run_for(5s);
    call.world.apply(media::RemovePeer{1});
  }
  assert_int_equal(notes->ends, 1);
  assert_int_equal(notes->lost, 0);
  assert_true(notes->keyframes >= 1);
  // About half of 450: one frame in two is of the highest temporal layer.
  assert_in_range(notes->seqs.size(), 180, 300);
  for (std::size_t i = 1; i < notes->seqs.size(); ++i) {
    assert_int_equal(notes->seqs[i], notes->seqs[i - 1] + 1);
  }
}

static void a_slow_observer_loses_and_is_told(void**) {
  auto notes = std::make_shared<Notes>();
  {
    media::ObserverThread thread;
    auto queue = std::make_shared<media::ObserverQueue>(thread, notes, metrics::Counter());
    const std::vector<std::uint8_t> packet(1000, 0x80);
    {
      const std::scoped_lock slow(notes->mutex);
      for (int i = 0; i < 20'000; ++i) {
        queue->put(Time(), false, packet, {});
      }
    }
    queue->end();
  }
  assert_int_equal(notes->ends, 1);
  assert_true(notes->lost >= 20'000 - 2 * 4'200);
  assert_int_equal(notes->lost + notes->seqs.size(), 20'000);
}

static void a_tap_on_nothing_ends_too(void**) {
  auto notes = std::make_shared<Notes>();
  {
    media::ObserverThread thread;
    Call call;
    auto queue = std::make_shared<media::ObserverQueue>(thread, notes, metrics::Counter());
    call.world.apply(
        media::AddTap{800, {77, 0}, {}, std::make_shared<media::Tap>(std::move(queue))});
  }
  assert_int_equal(notes->ends, 1);
  assert_int_equal(notes->seqs.size(), 0);
}

/// RTP as another server sends it to a receiver.
struct RemoteServer {
  explicit RemoteServer(Simulation& world) : world_(world), pool_(64) {
    world.shard().set_send_from([this](media::PeerId, const Address& to, Bytes datagram) {
      assert_true(to == address);
      rtp::RtcpReader reader(datagram);
      while (const auto item = reader.next()) {
        plis += std::holds_alternative<rtp::Pli>(*item) ? 1 : 0;
      }
    });
  }
  void send(std::uint32_t ssrc, bool keyframe) {
    std::array<std::uint8_t, 40> packet{0x80, 0xE0};
    store_u16(packet.data() + 2, seq++);
    store_u32(packet.data() + 4, seq * 3000U);
    store_u32(packet.data() + 8, ssrc);
    packet[12] = 0x10;
    packet[13] = keyframe ? 0 : 1;
    deliver(packet);
  }
  void deliver(Bytes packet) {
    media::Datagram datagram;
    datagram.buffer = pool_.take();
    datagram.size = static_cast<std::uint32_t>(packet.size());
    datagram.from = address;
    std::copy(packet.begin(), packet.end(), datagram.buffer.space().begin());
    world_.shard().receive_for(kId, {&datagram, 1}, world_.now());
    world_.run_for(20ms);
  }

  static constexpr media::PeerId kId = 5000;
  Address address = *Address::parse("10.0.3.1", 50'000);
  std::uint16_t seq = 100;
  int plis = 0;

 private:
  Simulation& world_;
  PacketPool pool_;
};

static void a_receiver_is_a_source_like_any_other(void**) {
  Simulation world(3);
  auto out = video_line("0");
  out.sends = true;
  out.send_ssrc = kVideoOut;
  ClientPeer& viewer = world.add_client(2, {out});
  RemoteServer remote(world);
  media::ReceiverSettings settings;
  settings.lines = {{peer::LineParams::Kind::Video, {96, rtp::Codec::Vp8, 90'000, 0}, {777}}};
  world.apply(media::AddReceiver{RemoteServer::kId, 1, settings, nullptr});
  world.route(50, {RemoteServer::kId, 0}, {2, 0});
  assert_true(world.connect_all());
  // It asks for the key frame that a viewer needs, and takes its own SSRCs only.
  for (int i = 0; i < 20; ++i) {
    remote.send(777, false);
  }
  assert_true(remote.plis >= 1);
  remote.send(777, true);
  for (int i = 0; i < 20; ++i) {
    remote.send(777, false);
    remote.send(778, true);
    --remote.seq;
  }
  assert_int_equal(viewer.received(kVideoOut).packets, 21);
  assert_int_equal(viewer.received(kVideoOut).missing(), 0);
  assert_true(world.dropped(peer::Drop::RtpUnknownStream) >= 20);
  // Garbage and silence.
  const std::array<std::uint8_t, 3> garbage{0x80, 0x60, 0x00};
  remote.deliver(garbage);
  world.run_for(3s);
  world.apply(media::RemoveReceiver{RemoteServer::kId});
  assert_int_equal(world.shard().routes(), 0);
  remote.send(777, true);
  assert_int_equal(viewer.received(kVideoOut).packets, 21);
}

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_source_is_forwarded_as_plain_rtp),
      cmocka_unit_test(the_receiver_may_ask_for_key_frames),
      cmocka_unit_test(srtp_with_a_long_tag),
      cmocka_unit_test(srtp_with_a_short_tag),
      cmocka_unit_test(a_tap_gets_what_a_route_would_send_and_ends_once),
      cmocka_unit_test(a_slow_observer_loses_and_is_told),
      cmocka_unit_test(a_tap_on_nothing_ends_too),
      cmocka_unit_test(a_receiver_is_a_source_like_any_other),
  };
  return cmocka_run_group_tests_name("scenario/plain", tests, nullptr, nullptr);
}
