#include "tests/bench/load/viewer.hpp"

#include <algorithm>

#include "core/rtp/packet.hpp"
#include "tests/bench/load/publisher.hpp"

namespace cardea::load {

void Viewer::take(Bytes bytes, Time now) {
  const auto packet = rtp::Packet::parse(bytes);
  if (!packet) {
    return;
  }
  Stream& stream = streams_[packet->ssrc()];
  if (!stream.started) {
    stream = {packet->seq(), 0, 0, true};
  }
  const auto step = static_cast<std::int16_t>(static_cast<std::uint16_t>(
      packet->seq() - stream.first - static_cast<std::uint16_t>(stream.highest)));
  if (step > 0) {
    stream.highest += static_cast<std::uint64_t>(step);
  }
  ++stream.received;
  ++received_;
  const Bytes payload = packet->payload();
  if (payload.size() >= kStampEnd) {
    const auto sent = static_cast<std::int64_t>(load_u64(payload.data() + kStampOffset));
    const auto delay = now.time_since_epoch().count() - sent;
    delays_.push_back(static_cast<std::uint32_t>(std::clamp<std::int64_t>(delay, 0, 60'000'000)));
  }
}

void Viewer::reset() {
  streams_.clear();
  received_ = 0;
  delays_.clear();
}

std::uint64_t Viewer::lost() const {
  std::uint64_t lost = 0;
  for (const auto& [ssrc, stream] : streams_) {
    const std::uint64_t expected = stream.highest + 1;
    lost += expected > stream.received ? expected - stream.received : 0;
  }
  return lost;
}

}  // namespace cardea::load
