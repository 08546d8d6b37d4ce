// The usual call of the scenarios.
#include "tests/scenario/support/call.hpp"

namespace cardea::scenario {

Call::Call(const CallOptions& options_in)
    : options(options_in), world(options.seed, options.shard) {
  auto audio_in = audio_line("0");
  auto video_in = video_line("1");
  const std::uint8_t transport_cc = options.transport_cc ? kTransportCcId : std::uint8_t{0};
  audio_in.extensions.transport_cc = transport_cc;
  video_in.extensions.transport_cc = transport_cc;
  audio_in.receives = true;
  video_in.receives = true;
  publisher = &world.add_client(1, {audio_in, video_in});
  for (media::PeerId id = 2; id < 2 + options.subscribers; ++id) {
    auto audio_out = audio_line("0");
    auto video_out = video_line("1");
    audio_out.extensions.transport_cc = transport_cc;
    video_out.extensions.transport_cc = transport_cc;
    audio_out.sends = true;
    audio_out.send_ssrc = kAudioOut;
    video_out.sends = true;
    video_out.send_ssrc = kVideoOut;
    video_out.send_rtx_ssrc = options.rtx ? kVideoOutRtx : 0;
    ClientPeer& subscriber = world.add_client(id, {audio_out, video_out});
    subscriber.expect_rtx(kVideoOutRtx, kVideoOut, 96);
    subscribers.push_back(&subscriber);
    world.route(10 * id, {1, 0}, {id, 0});
    world.route(10 * id + 1, {1, 1}, {id, 1});
  }
}

void Call::publish() {
  FakeSource audio;
  audio.ssrc = kAudioIn;
  audio.transport_cc = options.transport_cc;
  audio.payload_type = 111;
  audio.mid = "0";
  audio.video = false;
  audio.interval = std::chrono::milliseconds(20);
  audio.packets = 1;
  audio.payload_size = 100;
  audio.ticks = 960;
  FakeSource video;
  video.ssrc = kVideoIn;
  video.transport_cc = options.transport_cc;
  video.mid = "1";
  video.rtx_ssrc = options.rtx ? kVideoInRtx : 0;
  publisher->add_source(audio, world.now());
  publisher->add_source(video, world.now());
}

}  // namespace cardea::scenario
