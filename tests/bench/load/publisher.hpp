// A camera and a microphone without pictures and sound: 230 packets per second at 1.5 Mbit/s, paced
// as a browser does.
#pragma once

#include <cstdint>

#include "core/rtp/packet.hpp"
#include "tests/bench/load/load_peer.hpp"

namespace cardea::load {

struct PublisherOptions {
  std::uint32_t audio_ssrc = 1;
  std::uint32_t video_ssrc = 2;
  std::uint8_t audio_type = 111;
  std::uint8_t video_type = 96;
  /// RTP packets of a video frame; 30 frames a second.
  unsigned packets_per_frame = 6;
  std::size_t video_payload = 1040;
};

/// Where a payload holds the time at which it was sent, in microseconds.
constexpr std::size_t kStampOffset = 16;
constexpr std::size_t kStampEnd = kStampOffset + 8;

/// Sends VP8 frames (a key frame each second and when asked) in bursts of two packets, and an audio
/// packet each 20 ms.
class Publisher {
 public:
  Publisher(LoadPeer& peer, const PublisherOptions& options) : peer_(peer), options_(options) {}

  /// Sends what is due. Call every millisecond or two.
  void poll(Time now);
  void ask_keyframe() { keyframe_wanted_ = true; }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }

 private:
  void start_frame(Time now);
  void send_video(Time now);
  void send_audio(Time now);
  void send(std::uint8_t type, bool marker, std::uint16_t seq, std::uint32_t timestamp,
            std::uint32_t ssrc, std::size_t payload, std::uint8_t first, std::uint8_t second,
            Time now);

  LoadPeer& peer_;
  PublisherOptions options_;
  Time next_frame_{};
  Time next_burst_{};
  Time next_audio_{};
  unsigned left_in_frame_ = 0;
  bool keyframe_ = false;
  bool keyframe_wanted_ = true;
  std::uint64_t frames_ = 0;
  std::uint16_t video_seq_ = 100;
  std::uint16_t audio_seq_ = 100;
  std::uint32_t audio_timestamp_ = 0;
  std::uint64_t sent_ = 0;
};

}  // namespace cardea::load
