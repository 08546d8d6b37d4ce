// Frames, the pacer's ticks, and reports on their way back.
#include "tests/scenario/support/flow.hpp"

#include <algorithm>

#include "core/rtp/rtcp_reader.hpp"

namespace cardea::scenario {

namespace {

using peer::SendClass;
using std::chrono::milliseconds;

constexpr std::uint32_t kAudioPacket = 80;  // 32 kbit/s at 50 packets/s
constexpr std::uint32_t kVideoPacket = 1200;

}  // namespace

Flow::Flow(std::uint32_t id, Link& link, const peer::RateBounds& bounds, Video video)
    : id_(id), link_(link), video_(std::move(video)), random_(id + 1), estimator_(bounds) {}

void Flow::step(Time now) {
  take_reports(now);
  if (now >= next_poll_) {
    next_poll_ = now + milliseconds(100);
    estimator_.poll(now);
  }
  make_media(now);
  if (now >= next_tick_) {
    next_tick_ = now + peer::Pacer::kInterval;
    send_media(now);
    send_padding(now);
  }
  make_reports(now);
}

void Flow::make_media(Time now) {
  if (now >= next_audio_) {
    next_audio_ = now + milliseconds(20);
    send(SendClass::Audio, kAudioPacket, now);
  }
  if (now < next_frame_) {
    return;
  }
  next_frame_ = now + milliseconds(33);
  video_bitrate_ = video_(estimator_.estimate());
  const double size = static_cast<double>(video_bitrate_) / 8 / 30 *
                      std::uniform_real_distribution<double>(0.7, 1.3)(random_);
  for (auto left = static_cast<std::uint32_t>(size); left > 0;) {
    const std::uint32_t packet = std::min(left, kVideoPacket);
    queue_.push_back(packet);
    waiting_ += packet;
    left -= packet;
  }
  most_waiting_ = std::max(most_waiting_, waiting_);
}

void Flow::send_media(Time now) {
  pacer_.set_estimate(estimator_.estimate());
  pacer_.set_waiting(waiting_);
  auto budget = static_cast<std::int64_t>(pacer_.budget(SendClass::Video, now));
  while (budget > 0 && !queue_.empty()) {
    const std::uint32_t size = queue_.front();
    queue_.pop_front();
    waiting_ -= size;
    budget -= size;
    send(SendClass::Video, size, now);
  }
}

void Flow::send_padding(Time now) {
  const peer::Probe* probe = estimator_.probe(now);
  pacer_.set_probe(probe, now);
  while (probe != nullptr && pacer_.budget(SendClass::Padding, now) > 0) {
    probe_bytes_ += probe->packet_size;
    send(SendClass::Padding, probe->packet_size, now);
    probe = estimator_.probe(now);
  }
}

void Flow::send(SendClass kind, std::uint32_t size, Time now) {
  const peer::Probe* probe = estimator_.probe(now);
  const std::uint16_t cluster = probe != nullptr ? probe->cluster : 0;
  pacer_.set_probe(probe, now);
  link_.send(id_, sender_.next_seq(), size, now);
  sender_.sent(size, now, cluster);
  pacer_.sent(kind, size, now);
  estimator_.sent(size, cluster, now);
}

void Flow::receive(const LinkPacket& packet, Time now) {
  received_bytes_ += packet.size;
  receiver_.received(packet.seq, packet.size, now);
}

void Flow::make_reports(Time now) {
  while (receiver_.next_deadline() && *receiver_.next_deadline() <= now) {
    std::array<std::uint8_t, 1100> buffer{};
    rtp::RtcpWriter writer(buffer);
    if (!receiver_.write(writer, 1, 2, now)) {
      break;
    }
    const Bytes bytes = writer.written();
    if (!feedback_lost_) {
      reports_.push_back({now + feedback_delay, {bytes.begin(), bytes.end()}});
    }
  }
}

void Flow::take_reports(Time now) {
  for (; !reports_.empty() && reports_.front().at <= now; reports_.pop_front()) {
    rtp::RtcpReader reader(reports_.front().bytes);
    while (const auto item = reader.next()) {
      const auto results = sender_.feedback(std::get<rtp::TwccFeedback>(*item), now);
      if (const auto round_trip = sender_.last_round_trip()) {
        estimator_.set_round_trip(*round_trip);
      }
      estimator_.feedback(results, now);
    }
  }
}

}  // namespace cardea::scenario
