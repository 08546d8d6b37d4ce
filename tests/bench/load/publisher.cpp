#include "tests/bench/load/publisher.hpp"

#include <algorithm>
#include <array>

namespace cardea::load {

namespace {

constexpr auto kFrameTime = std::chrono::microseconds(33'333);
constexpr auto kBurstGap = std::chrono::milliseconds(5);
constexpr auto kAudioTime = std::chrono::milliseconds(20);
constexpr unsigned kBurst = 2;
constexpr std::uint64_t kFramesPerKeyframe = 30;
constexpr std::uint32_t kTicksPerFrame = 3000;
constexpr std::size_t kAudioPayload = 100;

}  // namespace

void Publisher::poll(Time now) {
  if (next_frame_ == Time{}) {
    next_frame_ = next_audio_ = now;
  }
  if (now >= next_frame_) {
    while (left_in_frame_ > 0) {
      send_video(now);  // A late poll must not make the stream thinner.
    }
    start_frame(now);
  }
  if (left_in_frame_ > 0 && now >= next_burst_) {
    for (unsigned i = 0; i < kBurst && left_in_frame_ > 0; ++i) {
      send_video(now);
    }
    next_burst_ = now + kBurstGap;
  }
  if (now >= next_audio_) {
    send_audio(now);
    next_audio_ += kAudioTime;
  }
}

void Publisher::start_frame(Time now) {
  keyframe_ = keyframe_wanted_ || frames_ % kFramesPerKeyframe == 0;
  keyframe_wanted_ = false;
  ++frames_;
  left_in_frame_ = options_.packets_per_frame;
  next_frame_ += kFrameTime;
  next_burst_ = now;
}

void Publisher::send_video(Time now) {
  const bool first = left_in_frame_ == options_.packets_per_frame;
  --left_in_frame_;
  // RFC 7741: S bit on the first packet of a frame; then the frame tag, whose lowest bit is 0 for a
  // key frame.
  const auto descriptor = static_cast<std::uint8_t>(first ? 0x10 : 0x00);
  const auto tag = static_cast<std::uint8_t>(keyframe_ ? 0x10 : 0x11);
  send(options_.video_type, left_in_frame_ == 0, video_seq_++,
       static_cast<std::uint32_t>(frames_) * kTicksPerFrame, options_.video_ssrc,
       options_.video_payload, descriptor, tag, now);
}

void Publisher::send_audio(Time now) {
  send(options_.audio_type, false, audio_seq_++, audio_timestamp_, options_.audio_ssrc,
       kAudioPayload, 0xfc, 0, now);
  audio_timestamp_ += 960;
}

void Publisher::send(std::uint8_t type, bool marker, std::uint16_t seq, std::uint32_t timestamp,
                     std::uint32_t ssrc, std::size_t payload, std::uint8_t first,
                     std::uint8_t second, Time now) {
  std::array<std::uint8_t, 1400> packet{};
  ByteWriter out(packet);
  out.u8(0x80);
  out.u8(static_cast<std::uint8_t>(type | (marker ? 0x80 : 0)));
  out.u16(seq);
  out.u32(timestamp);
  out.u32(ssrc);
  const std::size_t header = out.size();
  out.u8(first);
  out.u8(second);
  // VP8 key frame: two bytes of the tag, the start code, then the picture's size.
  constexpr std::array<std::uint8_t, 9> kKeyframeHeader{0,    0,    0x9d, 0x01, 0x2a,
                                                        0x80, 0x02, 0x68, 0x01};
  out.bytes(kKeyframeHeader);
  out.zeros(kStampOffset - (out.size() - header));
  out.u64(static_cast<std::uint64_t>(now.time_since_epoch().count()));
  out.zeros(payload - (out.size() - header));
  peer_.send_rtp(out.written());
  ++sent_;
}

}  // namespace cardea::load
