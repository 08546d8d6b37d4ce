// How much the remote may send, and the padding that finds out how much we may.
#include <algorithm>

#include "core/peer/peer.hpp"

namespace cardea::peer {

SendStream* Peer::padder() const {
  for (const auto& sink : sinks_) {
    if (sink && sink->can_pad()) {
      return sink.get();
    }
  }
  return nullptr;
}

bool Peer::hears_of_arrivals() const {
  return std::any_of(sinks_.begin(), sinks_.end(),
                     [](const auto& sink) { return sink && sink->active() && sink->numbered(); });
}

void Peer::fill_probe(Time now) {
  SendStream* sink = padder();
  while (const std::size_t bytes = sink == nullptr ? 0 : transport_.congestion.padding(now)) {
    if (!sink->send_padding(bytes, now)) {
      break;
    }
  }
}

void Peer::set_bitrate(std::uint32_t line, std::uint32_t bitrate, Time now) {
  if (line == kWholePeer) {
    peer_bitrate_ = bitrate;
  } else if (line < line_bitrates_.size()) {
    line_bitrates_[line] = bitrate;
  }
  if (state_ == State::Connected) {
    // Heard at once, not within the second.
    next_tick_ = now;
  }
}

std::uint64_t Peer::remb_bitrate() const {
  std::uint64_t total = 0;
  const auto& lines = sources_.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].active && lines[i].video && lines[i].remb) {
      const std::uint32_t cap = i < line_bitrates_.size() ? line_bitrates_[i] : 0;
      total += cap == 0 ? max_bitrate_ : std::min(cap, max_bitrate_);
    }
  }
  return peer_bitrate_ == 0 ? total : std::min<std::uint64_t>(total, peer_bitrate_);
}

}  // namespace cardea::peer
